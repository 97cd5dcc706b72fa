import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { imagesScript } from "../../../components/clients/images/imagesScript";
import { output, type Result, run, start, until } from "../../../tools/shell";
import { type BareProxy, startBareProxy } from "../../support/bareProxy";
import { type FakeAnswer, type FakeKeeper, startFakeKeeper, waiting } from "../../support/fakeKeeper";
import { commandLines, handedOver } from "../../support/imagesCommand";
import { issue } from "../../support/x509";

const port = 18646;
const address = `registry.test:${port}`;
const handed = handedOver(address);
const password = `a "b" \\c $(d) 'e' ü%`;
const login = { REGISTRY_USERNAME: "build.bot@example", REGISTRY_PASSWORD: password };

describe("the images command", () => {
  let proxy: BareProxy;
  let keeper: FakeKeeper;
  let answer: FakeAnswer = { text: "" };
  const folder = mkdtempSync(join(tmpdir(), "private-registry-images-"));
  const script = join(folder, "images.sh");
  const client = issue({ commonName: "client authority", isAuthority: true });

  before(async () => {
    proxy = await startBareProxy("images", port, { "build.bot@example": password, alice: "x" });
    keeper = startFakeKeeper(proxy.controlFolder, () => answer);
    writeFileSync(script, scriptFor({}));
  });
  after(async () => {
    await keeper?.stop();
    await proxy?.remove();
    rmSync(folder, { recursive: true });
  });

  const scriptFor = (change: Partial<Parameters<typeof imagesScript>[0]>) =>
    imagesScript({
      addresses: [address],
      caCertificate: proxy.ca,
      hostsEntry: "127.0.0.1 registry.test",
      ...change,
    });

  for (const shell of [["dash"], ["busybox", "sh"]])
    describe(`under ${shell[0]}`, () => {
      const images = (line: string, env: { [name: string]: string | undefined } = login, file = script) =>
        run([...shell, file, ...line.split(" ")], { env });
      const changed = (change: Parameters<typeof scriptFor>[0]): string => {
        const file = join(folder, "changed.sh");
        writeFileSync(file, scriptFor(change));
        return file;
      };
      const fails = async (doing: Promise<Result>, sentence: RegExp) => {
        const { status, stdout, stderr } = await doing;
        assert.deepEqual([status, stdout], [1, ""], stderr);
        assert.match(stderr.split("\n")[0] ?? "", sentence);
      };

      for (const [line, fields] of Object.entries(handed))
        it(`hands over "${line.replaceAll(address, "REGISTRY")}", and prints the answer alone`, async () => {
          answer = { text: "an answer\nof two lines\n", json: { an: "answer" } };
          const taken = keeper.taken.length;
          const { status, stdout, stderr } = await images(line);
          const expected = line.includes("--json") ? '{"an":"answer"}\n' : answer.text;
          assert.deepEqual([status, stdout, stderr], [0, expected, ""]);
          assert.deepEqual(keeper.taken.slice(taken), [{ user: "build.bot@example", ...fields }]);
        });

      it("ends with 1 where the keeper found something wrong, and prints what", async () => {
        answer = { text: "a manifest is missing\n", failed: true };
        assert.deepEqual(await images("verify"), { status: 1, stdout: answer.text, stderr: "" });
      });

      it("says how far a slow job is, a line for each change", async () => {
        answer = {
          text: "done\n",
          progress: [
            ["1 of 3", 2500],
            ["2 of 3", 2500],
          ],
        };
        const { status, stdout, stderr } = await images("verify");
        assert.deepEqual([status, stdout], [0, "done\n"]);
        assert.match(stderr, new RegExp(`^(${address}: 1 of 3\n)?${address}: 2 of 3\n$`));
      });

      it("writes one line over at a terminal, and takes it away", async () => {
        const line = `${shell.join(" ")} ${script} verify`;
        const { stdout } = await run(["script", "-qec", line, "/dev/null"], { env: login });
        assert.ok(stdout.includes("\r\u001b[K2 of 3"), stdout);
        assert.ok(stdout.endsWith("\r\u001b[Kdone\r\n"), stdout);
        assert.equal(stdout.split("\n").length, 2);
      });

      it("asks at the terminal for what the environment lacks, and shows no password", async () => {
        answer = { text: "done\n" };
        const line = `${shell.join(" ")} ${script} list`;
        const env = { ...process.env, REGISTRY_USERNAME: undefined, REGISTRY_PASSWORD: undefined };
        const child = spawn("script", ["-qec", line, "/dev/null"], { env });
        let seen = "";
        child.stdout.on("data", (chunk) => {
          seen += chunk;
        });
        const status = new Promise((resolve) => child.on("close", resolve));
        await until("the name is asked for", async () => seen.includes(`User at ${address}: `));
        child.stdin.write("build.bot@example\n");
        await until("the password is asked for", async () => /Password of build.bot@example: $/.test(seen));
        child.stdin.write(`${password}\n`);
        assert.equal(await status, 0);
        assert.match(seen, /done\r\n$/);
        assert.ok(!seen.includes('a "b"'), seen);
      });

      it("takes the login from a file", async () => {
        const file = join(folder, "login");
        writeFileSync(file, `build.bot@example:${password}\n`, { mode: 0o600 });
        assert.equal((await images("list", { REGISTRY_LOGIN_FILE: file })).status, 0);
        writeFileSync(file, "build.bot@example\n");
        await fails(images("list", { REGISTRY_LOGIN_FILE: file }), /no login\..* is not NAME:PASSWORD\.$/);
        await fails(images("list", { REGISTRY_LOGIN_FILE: `${file}x` }), /no login\..* cannot be read\.$/);
      });

      it("names the password in no process, while it hands over and waits", async () => {
        answer = { text: "done\n", progress: [["x", 3000]] };
        const running = start([...shell, script, "list"], { env: login });
        let isOver = false;
        running.done.then(() => {
          isOver = true;
        });
        const programs = new Set<string>();
        while (!isOver) {
          for (const line of commandLines()) {
            assert.ok(
              !line.includes("$(d)") && !line.includes(Buffer.from(password).toString("base64")),
              line,
            );
            programs.add(line.split("\0")[0] ?? "");
          }
          await sleep(2);
        }
        assert.equal((await running.done).status, 0);
        assert.ok(programs.has("curl"), "it was looked at while curl ran");
      });

      it("stops waiting at Ctrl-C, and says that the job goes on", async () => {
        answer = { text: "done\n", progress: [["x", 6000]] };
        const child = spawn(shell[0] ?? "", [...shell.slice(1), script, "collect"], {
          env: { ...process.env, ...login },
          detached: true,
        });
        let stderr = "";
        child.stderr.on("data", (chunk) => {
          stderr += chunk;
        });
        const ended = new Promise((resolve) => child.on("close", resolve));
        await until("it waits", async () => stderr.endsWith(": x\n"));
        process.kill(-(child.pid ?? 0), "SIGINT");
        assert.equal(await ended, 130);
        assert.match(stderr, /not waiting any more: the keeper goes on with it\n$/);
        await until("the keeper ends it", async () => waiting(proxy.controlFolder).length === 0);
      });

      it("tells what is wrong with the login and the connection, and what to do", async () => {
        await fails(
          images("list", { ...login, REGISTRY_PASSWORD: "x" }),
          /wrong credentials\. Check .*build\.bot/,
        );
        await fails(
          images("list", { REGISTRY_USERNAME: "a:b", REGISTRY_PASSWORD: "x" }),
          /no user is called/i,
        );
        const other = { caCertificate: client.certificatePem };
        await fails(images("list", login, changed(other)), /wrong authority\. .*get this script anew/);
        await fails(images("list", login, changed({ caCertificate: "" })), /wrong authority\./);
        const nowhere = { addresses: ["registry.invalid"], hostsEntry: "" };
        await fails(images("list", login, changed(nowhere)), /unknown name\. Add registry\.invalid to DNS/);
        const closed = { addresses: [`registry.test:${port + 8}`] };
        await fails(images("list", login, changed(closed)), /no connection\. Check that this machine/);
      });

      it("says that it needs curl", async () => {
        const bin = mkdtempSync(join(folder, "bin-"));
        for (const program of ["grep", "sed", "cat", "mktemp", "rm"])
          symlinkSync("/usr/bin/busybox", join(bin, program));
        const [program = ""] = shell;
        symlinkSync(await output(["sh", "-c", `command -v ${program}`]), join(bin, program));
        // Busybox has no curl among its own.
        await fails(images("list", { ...login, PATH: bin }), /no curl\. Install it/);
      });

      it("tells that the keeper does not answer, and why the registry takes no more", async () => {
        await keeper.stop();
        const running = images("list");
        await until("it waits", async () => waiting(proxy.controlFolder).length === 1);
        const [id = ""] = waiting(proxy.controlFolder);
        for (const name of readdirSync(join(proxy.controlFolder, "answers")))
          rmSync(join(proxy.controlFolder, "answers", name), { recursive: true });
        utimesSync(join(proxy.controlFolder, "requests", id), 0, 0);
        const { status, stderr } = await running;
        assert.equal(status, 1);
        assert.match(stderr, /error: the keeper does not answer, .*npm run status/);
        for (let more = 0; more < 32; more++)
          writeFileSync(join(proxy.controlFolder, "requests", `${more}`.padStart(32, "0")), "{}");
        await fails(images("list"), /error: 32 requests wait for the keeper already/);
        rmSync(join(proxy.controlFolder, "requests"), { recursive: true });
        keeper = startFakeKeeper(proxy.controlFolder, () => answer);
      });

      it("is not stopped by a proxy that is away for some seconds", async () => {
        answer = { text: "done\n", progress: [["x", 5000]] };
        const taken = keeper.taken.length;
        const running = images("verify");
        await until("it was taken", async () => keeper.taken.length > taken);
        await output(["docker", "restart", "-t", "1", proxy.containerName]);
        const { status, stdout } = await running;
        assert.deepEqual([status, stdout], [0, "done\n"]);
      });
    });

  it("presents a client certificate, as text or as files", async () => {
    const own = issue({ commonName: "alice", purpose: "client" }, client);
    const clientCaCertificates = client.certificatePem;
    const asking = await startBareProxy("images-mtls", port + 2, { alice: "x" }, { clientCaCertificates });
    const fake = startFakeKeeper(asking.controlFolder, () => ({ text: "done\n" }));
    try {
      const file = join(folder, "mtls.sh");
      writeFileSync(
        file,
        scriptFor({
          addresses: [`registry.test:${port + 2}`],
          caCertificate: asking.ca,
          clientCertificates: true,
        }),
      );
      const alice = { REGISTRY_USERNAME: "alice", REGISTRY_PASSWORD: "x" };
      const images = (env: { [name: string]: string }) =>
        run(["dash", file, "list"], { env: { ...alice, ...env } });
      const text = { certificate: own.certificatePem, key: own.privateKeyPem };
      const paths = { certificate: join(folder, "client.cert"), key: join(folder, "client.key") };
      writeFileSync(paths.certificate, text.certificate);
      writeFileSync(paths.key, text.key);
      for (const { certificate, key } of [text, paths]) {
        const { status, stderr } = await images({
          REGISTRY_CLIENT_CERTIFICATE: certificate,
          REGISTRY_CLIENT_KEY: key,
        });
        assert.deepEqual([status, stderr], [0, ""]);
      }
      const { status, stderr } = await images({});
      assert.equal(status, 1);
      assert.match(stderr, /error: no client certificate\. Set REGISTRY_CLIENT_CERTIFICATE/);
    } finally {
      await fake.stop();
      await asking.remove();
    }
  });
});
