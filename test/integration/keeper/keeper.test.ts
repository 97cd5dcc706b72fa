import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Cgroups } from "../../../bench/host/cgroups";
import { output, run, until } from "../../../tools/shell";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";

const name = "keeper";
const port = 18630;
const container = (role: string) => `private-registry-${name}-main-${role}`;
const servers = ["registry", "verifier", "proxy"].map(container);
const control = "/var/lib/private-registry-keeper";

describe("a stack with a keeper", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let user = "";

  const inKeeper = (...command: string[]) => output(["docker", "exec", container("keeper"), ...command]);
  const healthy = () =>
    until(
      "the keeper is healthy",
      async () =>
        (await output(["docker", "inspect", "-f", "{{.State.Health.Status}}", container("keeper")])) ===
        "healthy",
    );
  const config = (settings: object = {}) => ({
    hostnames: ["localhost"],
    port,
    bindAddress: "127.0.0.1",
    ...settings,
  });

  before(async () => {
    stack = await infraStack(name, config());
    const outputs = await stack.up();
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    client = new RegistryClient(port, String(outputs.caCertificate), "localhost");
  });
  after(async () => {
    await stack?.remove();
  });

  const answers = async () => assert.equal((await client.ask("/v2/", { user })).status, 200);

  it("is healthy, and a second run finds nothing to change", async () => {
    await healthy();
    await answers();
    await stack.expectNoChanges();
  });

  it("has made its index of the registry, and shares its control volume with the proxy", async () => {
    await until("there is an index", async () =>
      (await inKeeper("ls", `${control}/state`)).includes("index"),
    );
    await output(["docker", "exec", container("proxy"), "sh", "-c", `: > ${control}/requests/.probe`]);
    assert.match(await inKeeper("ls", "-A", `${control}/requests`), /^\.probe$/m);
    await inKeeper("rm", `${control}/requests/.probe`);
  });

  it("takes less than 5 MB of memory at rest", async () => {
    const cgroups = await Cgroups.of([container("keeper")]);
    // Docker's health checks run in it too.
    await until("nothing is running", async () => cgroups.anonymous() < 5_000_000);
    assert.ok(cgroups.anonymous() > 0);
  });

  it("takes other settings up without a container of a server made anew", async () => {
    const before = await Promise.all([...servers, container("keeper")].map(identityOf));
    stack.configure(config({ keeper: { collectAt: "04:45", undoDays: 14 } }));
    await stack.up();
    assert.deepEqual(await Promise.all([...servers, container("keeper")].map(identityOf)), before);
    assert.match(
      await inKeeper("cat", "/etc/private-registry/current/settings.json"),
      /"undoSeconds": 1209600/,
    );
    assert.match(await inKeeper("cat", "/etc/private-registry/current/schedule"), /^COLLECT_AT='04:45'$/m);
    await stack.expectNoChanges();
  });

  it("comes back after it was killed", async () => {
    const pid = await output(["docker", "inspect", "-f", "{{.State.Pid}}", container("keeper")]);
    process.kill(Number(pid), "SIGKILL");
    await until(
      "it runs again",
      async () =>
        (await output([
          "docker",
          "inspect",
          "-f",
          "{{.RestartCount}} {{.State.Running}}",
          container("keeper"),
        ])) === "1 true",
    );
    await healthy();
  });

  it("cannot reach anything, and nothing but its volumes can be written", async () => {
    assert.equal((await inKeeper("ls", "/sys/class/net")).trim(), "lo");
    for (const path of ["/etc/private-registry/x", "/usr/x"]) {
      const { status } = await run(["docker", "exec", container("keeper"), "sh", "-c", `: > ${path}`]);
      assert.notEqual(status, 0, path);
    }
  });

  it("goes without its registry being touched, and comes again", async () => {
    const registry = await identityOf(container("registry"));
    stack.configure(config({ keeper: { enabled: false } }));
    await stack.up();
    const gone = await run(["docker", "inspect", container("keeper")]);
    assert.notEqual(gone.status, 0);
    assert.notEqual((await run(["docker", "volume", "inspect", container("control")])).status, 0);
    assert.equal(await identityOf(container("registry")), registry);
    await answers();
    await stack.expectNoChanges();
    stack.configure(config());
    await stack.up();
    assert.equal(await identityOf(container("registry")), registry);
    await healthy();
    await answers();
  });
});
