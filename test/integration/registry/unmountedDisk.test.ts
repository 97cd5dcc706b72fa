import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { type Skopeo, skopeo } from "../../support/skopeo";

const port = 18537;
const registry = "private-registry-unmounted-main-registry";
const reason = /it has no file \.private-registry-data\. Is its disk mounted\?/;

describe("a registry whose disk is not mounted when the machine starts", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-unmounted-"));
  const [disk, mountPoint] = [join(folder, "disk"), join(folder, "mount-point")];
  const config = {
    hostnames: ["127.0.0.1"],
    port,
    bindAddress: "127.0.0.1",
    users: [{ name: "ci" }],
    "password-ci": "a password",
    storage: { hostPath: mountPoint },
  };
  let stack: InfraStack;
  let client: RegistryClient;
  let images: Skopeo;
  let digest: string;
  let failedJob: string;

  const mount = () => output(["mount", "--bind", disk, mountPoint]);
  const unmount = () => run(["umount", "--lazy", mountPoint]);

  before(async () => {
    for (const each of [disk, mountPoint]) mkdirSync(each);
    await mount();
    stack = await infraStack("unmounted", config);
    const { caCertificate } = await stack.up();
    client = new RegistryClient(port, String(caCertificate));
    images = skopeo(`127.0.0.1:${port}`, String(caCertificate), "ci:a password");
    digest = await images.push("team/app:1", [100_000]);
  });

  after(async () => {
    images?.remove();
    await stack?.remove();
    await unmount();
    rmSync(folder, { recursive: true, force: true });
  });

  const status = async (path = "/v2/_catalog") => (await client.ask(path, { user: "ci:a password" })).status;
  const logs = async (since: string) => {
    const { stdout, stderr } = await run(["docker", "logs", "--since", since, registry]);
    return stdout + stderr;
  };

  it("does not start with the empty folder that is left, writes nothing there and says why", async () => {
    await output(["docker", "stop", registry]);
    await unmount();
    const now = new Date().toISOString();
    await output(["docker", "start", registry]);
    await until("it has said why", async () => reason.test(await logs(now)));
    assert.equal(await status(), 503);
    assert.deepEqual(readdirSync(mountPoint), []);
  });

  it("is not taken for a new one by an up", async () => {
    stack.configure({ ...config, registry: { logLevel: "info" } });
    const message = await stack.failingUp();
    assert.match(message, /main-registry-prepare ended with exit code 1/);
    assert.match(message, reason);
    failedJob = /pulumi up --replace '(.*)'/.exec(message)?.[1] ?? "";
    assert.deepEqual(readdirSync(mountPoint), []);
  });

  it("serves by itself when the disk is there, with its images, and the up that the message names goes through", async () => {
    await mount();
    await until("it answers", async () => (await status()) === 200, 60);
    assert.equal(await images.digest("team/app:1"), digest);
    await stack.stack.up({ replace: [failedJob] });
    await stack.expectNoChanges();
    assert.equal(await images.digest("team/app:1"), digest);
  });

  it("turns unhealthy, and says why, when its images are taken away while it runs", async () => {
    rmSync(join(disk, ".private-registry-data"));
    const health = ["docker", "inspect", "-f", "{{json .State.Health}}", registry];
    await until("it is unhealthy", async () => {
      const { Status: state, Log } = JSON.parse(await output(health));
      return state === "unhealthy" && reason.test(Log.at(-1).Output);
    });
  });
});
