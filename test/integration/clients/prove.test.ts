import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { AccessAction } from "../../../components/access/args";
import { installScript } from "../../../components/clients/script/installScript";
import { output, type Result, run, until } from "../../../tools/shell";
import { accessStand, passwordOf, type Stand, type StandSettings } from "../../support/accessStand";
import { type BalancerSettings, startBalancer } from "../../support/tlsBalancer";
import { issue } from "../../support/x509";

const port = 18752;
const address = `registry.test:${port}`;
const root = issue({ commonName: "root", isAuthority: true });
const middle = issue({ commonName: "the intermediate", isAuthority: true }, root);
const names = ["registry.test"];
const good = issue({ commonName: "registry.test", names }, root);
const byMiddle = issue({ commonName: "registry.test", names }, middle);

const settings: StandSettings = {
  users: [{ name: "admin" }, { name: "pusher" }, { name: "reader" }],
  access: [
    { repositories: ["**"], users: ["admin"], actions: [AccessAction.Push, AccessAction.Delete] },
    { repositories: ["prove"], users: ["pusher"], actions: [AccessAction.Push] },
    { repositories: ["prove"], users: ["reader"], actions: [AccessAction.Pull] },
  ],
  hasDiskGuard: true,
};

describe("the proof of the install script", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-prove-"));
  const small = join(folder, "small");
  const script = join(folder, "install.sh");
  let stand: Stand;

  before(async () => {
    // A disk that can be filled.
    mkdirSync(small);
    await output(["mount", "-t", "tmpfs", "-o", "size=32m", "small", small]);
    const temporary = process.env.TMPDIR;
    process.env.TMPDIR = small;
    try {
      stand = await accessStand("prove", port + 2, settings);
    } finally {
      if (temporary === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = temporary;
    }
    writeFileSync(script, scriptFor());
  });
  after(async () => {
    await stand?.remove();
    await run(["umount", small]);
    rmSync(folder, { recursive: true });
  });

  function scriptFor(change: Partial<Parameters<typeof installScript>[0]> = {}): string {
    return installScript({
      addresses: [address],
      caCertificate: root.certificatePem,
      username: "admin",
      password: passwordOf("admin"),
      hostsEntry: "127.0.0.1 registry.test",
      ...change,
    });
  }

  async function proof(
    balancer: Partial<BalancerSettings> = {},
    words: readonly string[] = [],
    env = {},
    shell = ["dash"],
  ) {
    const chain = { chain: good.certificatePem, key: good.privateKeyPem };
    const server: Server = await startBalancer(port, port + 2, { ...chain, ...balancer });
    try {
      return await run([...shell, script, "--prove", ...words], { env });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  /** What is said to be wrong, without the name before it. */
  function findings({ status, stderr }: Result): string[] {
    assert.equal(status, 1, stderr);
    const lines = stderr.split("\n").map((line) => line.slice(`${address}: `.length));
    for (const [index, line] of lines.entries())
      if (line.startsWith("WRONG")) assert.match(lines[index + 1] ?? "", /^ {2}do: \w.{20,}$/, line);
    assert.match(lines.join("\n"), /error: not all is right/);
    return lines.filter((line) => line.startsWith("WRONG")).map((line) => line.slice("WRONG: ".length));
  }

  /** Links of manifests, and folders of uploads, that the registry has of `prove`. */
  const remains = async () =>
    (
      await output([
        ...["docker", "exec", stand.registry, "sh", "-c"],
        "cd /var/lib/registry/docker/registry/v2/repositories/prove && find . -path '*_manifests*' -name link; find _uploads -name data",
      ])
    ).trim();

  for (const shell of [["dash"], ["busybox", "sh"]])
    it(`finds that all is right, step by step, and leaves nothing, under ${shell[0]}`, async () => {
      const { status, stdout, stderr } = await proof({}, [], {}, shell);
      assert.deepEqual([status, stderr], [0, ""], stdout);
      assert.deepEqual(
        stdout
          .trim()
          .split("\n")
          .map((line) => line.slice(`${address}: `.length)),
        [
          `right: ${address} is unknown to DNS, and found by the line for the hosts file`,
          `right: the certificate is for ${address}, and of an authority that this machine is told to trust`,
          `right: ${address} asks for a login`,
          "right: a wrong password is refused",
          "right: admin logs in",
          "right: a tiny artifact is pushed to prove",
          "right: it is pulled, with the digest that it was pushed with",
          "right: it is deleted again",
          "all is right",
        ],
      );
      assert.equal(await remains(), "");
    });

  it("finds a certificate for another name", async () => {
    const other = issue({ commonName: "other.test", names: ["other.test"] }, root);
    const [finding = "", ...more] = findings(
      await proof({ chain: other.certificatePem, key: other.privateKeyPem }),
    );
    assert.equal(
      finding.trim().replace(/ +/g, " "),
      `the certificate at ${address} is for another name: DNS:other.test`,
    );
    assert.deepEqual(more, []);
  });

  it("finds a certificate that has expired", async () => {
    const old = issue({ commonName: "registry.test", names, days: -1 }, root);
    assert.deepEqual(findings(await proof({ chain: old.certificatePem, key: old.privateKeyPem })), [
      `the certificate at ${address} has expired`,
    ]);
  });

  it("finds a missing intermediate, and nothing wrong once it is there", async () => {
    assert.deepEqual(findings(await proof({ chain: byMiddle.certificatePem, key: byMiddle.privateKeyPem })), [
      `the chain at ${address} ends too early: the certificate of "CN=the intermediate" is missing behind those that are served`,
    ]);
    const chain = byMiddle.certificatePem + middle.certificatePem;
    assert.equal((await proof({ chain, key: byMiddle.privateKeyPem })).status, 0);
  });

  it("finds an authority that is not the registry's", async () => {
    const own = issue({ commonName: "an inspector", names });
    assert.deepEqual(findings(await proof({ chain: own.certificatePem, key: own.privateKeyPem })), [
      `the certificate at ${address} is of another authority: CN=an inspector`,
    ]);
  });

  it("finds a load balancer that breaks the addresses of uploads", async () => {
    const answer: BalancerSettings["answer"] = ({ location, ...headers }) => ({
      ...headers,
      ...(location && { location: `http://10.0.0.7:8080${location}` }),
    });
    assert.match(
      findings(await proof({ answer })).join("\n"),
      /^an upload is sent to "http:\/\/10\.0\.0\.7:8080\/v2\/prove\/blobs\/uploads\/.*", and not back to https:\/\/registry\.test:18752$/,
    );
    assert.equal(await remains(), "", "the upload is cancelled");
    assert.match(
      findings(await proof({ path: (path) => path.replace(/\?.*/, "") })).join("\n"),
      /^sending a layer to the address that the upload was given: status 404, "blob upload .*"$/,
    );
    assert.deepEqual(findings(await proof({ mostBytes: 10 })), [
      "sending a layer to the address that the upload was given: status 413",
    ]);
  });

  it("finds a full disk, by the guard's sentence and by the registry's error", async () => {
    const sentence = "the disk of the registry is 91 % full";
    const flag = JSON.stringify({ errors: [{ code: "DENIED", message: sentence }] });
    const inProxy = (command: string) => output(["docker", "exec", stand.proxy, "sh", "-c", command]);
    await inProxy(`mkdir -p /tmp/control/flags && echo '${flag}' >/tmp/control/flags/disk`);
    assert.deepEqual(findings(await proof()), [`beginning an upload: status 403, "${sentence}"`]);
    await inProxy("rm /tmp/control/flags/disk");
    await run(["dd", "if=/dev/zero", `of=${small}/fill`, "bs=1M"]);
    const [finding = "", ...more] = findings(await proof());
    assert.match(finding, /^(beginning an upload|sending a layer .*): status 500/);
    assert.deepEqual(more, []);
    rmSync(join(small, "fill"));
    assert.equal((await proof()).status, 0, "as soon as there is room");
  });

  it("finds a registry that is stopped, and a proxy", async () => {
    for (const [container, finding] of [
      [stand.registry, 'logging in as admin: status 503, "the registry is starting, try again"'],
      [stand.proxy, `asking ${address} without a login: status 502`],
    ] as const) {
      await output(["docker", "stop", "-t", "2", container]);
      assert.deepEqual(findings(await proof()), [finding]);
      await output(["docker", "start", container]);
    }
    assert.deepEqual(findings(await run(["dash", script, "--prove"])), [`nothing answers at ${address}`]);
    await until("it answers again", async () => (await proof()).status === 0);
  });

  it("finds a wrong password, and says what a user may not do without calling it wrong", async () => {
    const as = (name: string, password = passwordOf(name), words: string[] = []) =>
      proof({}, words, { REGISTRY_USERNAME: name, REGISTRY_PASSWORD: password });
    assert.deepEqual(findings(await as("admin", "wrong")), [
      'logging in as admin: status 401, "authentication required: docker login, then try again"',
    ]);
    const pusher = await as("pusher");
    assert.equal(pusher.status, 0, pusher.stderr);
    assert.match(
      pusher.stdout,
      /not tried: the manifest, .*: pusher could not delete it again \(pusher may not delete from prove\)/,
    );
    const reader = await as("reader");
    assert.equal(reader.status, 0, reader.stderr);
    assert.match(
      reader.stdout,
      /not tried: to push: reader may not push to prove\. Name a repository in which reader may/,
    );
    assert.match(
      (await as("admin", passwordOf("admin"), ["team/proof"])).stdout,
      /a tiny artifact is pushed to team\/proof/,
    );
    assert.equal((await as("admin", passwordOf("admin"), ["Team"])).status, 2);
  });

  it("tells nobody the password: neither on its lines nor in a list of processes", async () => {
    const server = await startBalancer(port, port + 2, {
      chain: good.certificatePem,
      key: good.privateKeyPem,
    });
    try {
      const traced = await run([
        "strace",
        "-f",
        "-e",
        "trace=execve",
        "-s",
        "4096",
        "dash",
        script,
        "--prove",
      ]);
      assert.equal(traced.status, 0, traced.stderr);
      assert.match(traced.stderr, /execve\(.*curl/);
      const encoded = Buffer.from(`admin:${passwordOf("admin")}`).toString("base64");
      for (const secret of [passwordOf("admin"), encoded])
        assert.ok(!(traced.stdout + traced.stderr).includes(secret));
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
