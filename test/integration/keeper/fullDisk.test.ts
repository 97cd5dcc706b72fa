import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dataPath } from "../../../components/docker/paths";
import { parseInspected } from "../../../tools/containers";
import { refusalLines } from "../../../tools/keeperStatus";
import { output, run, until } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { type Pushers, pushers } from "../../support/pushers";
import { shortTimes } from "../../support/shortTimes";

const name = "fulldisk";
const port = 18674;
const address = `localhost:${port}`;
const container = (role: string) => `private-registry-${name}-main-${role}`;
const flag = "/var/lib/private-registry-keeper/flags/disk";
const mib = 1024 * 1024;
const start = "/v2/team/app/blobs/uploads/";

describe("a stack whose disk fills", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let clients: Pushers;
  let user: string;
  let folder: string;
  const disk = () => join(folder, "images");

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "private-registry-full-"));
    mkdirSync(disk());
    await output(["mount", "-t", "tmpfs", "-o", "size=300m,mode=0755", "tmpfs", disk()]);
    stack = await infraStack(name, {
      hostnames: ["localhost"],
      port,
      bindAddress: "127.0.0.1",
      storage: { hostPath: disk() },
      quotas: [{ repositories: ["small/*"], maxMib: 1 }],
    });
    const outputs = await stack.up();
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    client = new RegistryClient(port, String(outputs.caCertificate), "localhost");
    clients = await pushers(name, address, user);
    await shortTimes(container("keeper-files"));
  });
  after(async () => {
    await clients?.remove();
    await stack?.remove();
    await run(["umount", disk()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const inKeeper = (script: string) => run(["docker", "exec", container("keeper"), "sh", "-c", script]);
  const isRefused = async () => (await inKeeper(`test -e ${flag}`)).status === 0;
  const refused = (value: boolean) =>
    until(value ? "pushes are refused" : "pushes are taken", async () => (await isRefused()) === value, 90);
  const ballast = (megabytes: number) => {
    const path = join(disk(), "ballast");
    writeFileSync(path, "");
    truncateSync(path, 0);
    if (megabytes > 0) writeFileSync(path, Buffer.alloc(megabytes * mib, "x"));
  };
  const ask = (method: string, path: string, body?: Buffer) =>
    client.ask(path, { method, user, body, headers: { "Content-Type": "application/octet-stream" } });
  const digestOf = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;
  const begin = async () => {
    const { status, headers } = await ask("POST", start);
    assert.equal(status, 202);
    const { pathname, search } = new URL(String(headers.location), `https://${address}`);
    return `${pathname}${search}`;
  };
  const sentence =
    /the disk of the registry is 9\d % full, with \d+ MiB free, and no push begins until there is room: /;

  it("takes pushes of every client while there is room", async () => {
    for (const each of clients.names) {
      const { status, stderr } = await clients.push(each, `${address}/first/${each}:1`);
      assert.equal(status, 0, `${each}: ${stderr}`);
    }
    assert.ok(!(await isRefused()));
  });

  it("stops each client with the sentence, and goes on with what has begun, with pulls and deletions", async () => {
    const content = randomBytes(1000);
    const upload = await begin();
    ballast(262);
    await refused(true);
    for (const each of clients.names) {
      const { status, stdout, stderr } = await clients.push(each, `${address}/second/${each}:1`);
      assert.notEqual(status, 0, each);
      // The containerd of Debian says no more than the status.
      const said = each === "containerd" ? /403 Forbidden/ : sentence;
      assert.match(`${stdout}${stderr}`.replaceAll("\\", ""), said, each);
    }
    const patched = await ask("PATCH", upload, content);
    assert.equal(patched.status, 202);
    const { pathname, search } = new URL(String(patched.headers.location), `https://${address}`);
    assert.equal((await ask("PUT", `${pathname}${search}&digest=${digestOf(content)}`)).status, 201);
    const { status, stderr } = await clients.pull(`${address}/first/docker:1`);
    assert.equal(status, 0, stderr);
    assert.equal((await ask("DELETE", "/v2/first/skopeo/manifests/1")).status, 202);
  });

  it("says it in the status, and goes on refusing with a keeper that is dead", async () => {
    const lines = async () =>
      refusalLines(
        parseInspected(await output(["docker", "inspect", container("proxy")])),
        new Date(Date.now() + 200_000),
      );
    await output(["docker", "kill", container("keeper")]);
    assert.match(
      (await lines()).join(),
      /^pushes to main: REFUSED by a keeper that has not looked for [34] minutes: the disk/,
    );
    assert.equal((await ask("POST", start)).status, 403);
    await output(["docker", "start", container("keeper")]);
    ballast(0);
    await refused(false);
    assert.deepEqual(await lines(), []);
    assert.equal((await clients.push("docker", `${address}/third/docker:1`)).status, 0);
  });

  it("damages nothing where a push meets a full disk, refuses its repetition, and makes room by itself", async () => {
    const upload = await begin();
    const large = randomBytes(300 * mib);
    const answer = await ask("PATCH", upload, large).catch((error: Error) => error);
    // The registry may end the connection before all was sent.
    if (!(answer instanceof Error)) assert.ok(answer.status >= 500, `${answer.status}`);
    await until("the repetition is refused", async () => (await ask("POST", start)).status === 403, 20);
    assert.match((await ask("POST", start)).body, /the disk of the registry is .* full/);
    for (const each of ["docker", "containerd", "podman"]) {
      const { status, stderr } = await clients.pull(`${address}/first/${each}:1`);
      assert.equal(status, 0, `${each}: ${stderr}`);
    }
    await refused(false);
    const uploads = join(disk(), "docker/registry/v2/repositories/team/app/_uploads");
    assert.deepEqual(existsSync(uploads) ? readdirSync(uploads) : [], []);
    assert.equal((await clients.push("podman", `${address}/fourth/podman:1`)).status, 0);
  });

  it("refuses what a quota does not hold, and nobody else", async () => {
    assert.equal((await clients.push("skopeo", `${address}/small/app:1`)).status, 0);
    await until(
      "it is counted",
      async () => (await ask("POST", "/v2/small/app/blobs/uploads/")).status === 403,
      90,
    );
    const { status, stderr } = await clients.push("skopeo", `${address}/small/other:1`);
    assert.notEqual(status, 0);
    assert.match(
      stderr,
      /small\/\* may hold 1\.0 MiB and holds 7\.\d MiB, and no push begins until it is less/,
    );
    assert.equal((await clients.push("skopeo", `${address}/large/other:1`)).status, 0);
    assert.ok(existsSync(join(disk(), ".trash")), dataPath);
  });
});
