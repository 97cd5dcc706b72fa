import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { identityOf, registryImage } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { type Clone, clone, sweep } from "../../support/clone";
import { recreate } from "../../support/recreate";

const port = 18470;
const prefix = "private-registry-clone-broken-main";
const [registry, verifier, proxy] = [`${prefix}-registry`, `${prefix}-verifier`, `${prefix}-proxy`];
const servers = [registry, verifier, proxy];

describe("npm run up on a stack that was broken", () => {
  let one: Clone;
  let client: RegistryClient;
  let user: string;
  let settings: string;

  before(async () => {
    one = await clone("clone-broken", port);
    settings = readFileSync(join(one.folder, stackFile()), "utf8");
    await one.must("up");
    client = new RegistryClient(port, await engine("stack", "output", "caCertificate"));
    const credentials = await engine("stack", "output", "credentials", "--show-secrets", "--json");
    user = `admin:${JSON.parse(credentials).admin}`;
    const upload = await client.ask("/v2/team/app/blobs/uploads/", { method: "POST", user });
    assert.equal(upload.status, 202);
    const place = `${upload.headers.location}&digest=${digest}`;
    const pushed = await client.ask(place, { method: "PUT", user, body: blob });
    assert.equal(pushed.status, 201);
  });

  after(async () => {
    await one?.remove();
    await sweep("clone-renamed");
  });

  /** The blob `hello`. */
  const blob = "hello";
  const digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  const stackFile = () => `Pulumi.${one.stack}.yaml`;
  const stateFile = () =>
    join(one.folder, ".pulumi-state/.pulumi/stacks/private-registry", `${one.stack}.json`);
  const configure = (text: string) => writeFileSync(join(one.folder, stackFile()), text);
  const badSettings = () => settings.replace("name: admin", 'name: "not: a name"');
  const engine = (...args: string[]) =>
    output(["npm", "run", "-s", "pulumi", "--", "--stack", one.stack, ...args], { cwd: one.folder });
  const identities = () => Promise.all(servers.map(identityOf));
  /** With which folder of settings the registry was started. */
  async function startOf(container: string): Promise<string> {
    return output(["docker", "inspect", "-f", "{{json .Config.Cmd}}", container]);
  }

  /** Serves what was pushed in the beginning, and everything is as declared. */
  async function isWhole(): Promise<void> {
    const answer = await client.ask("/v2/", { user });
    assert.equal(answer.status, 200);
    const found = await client.ask(`/v2/team/app/blobs/${digest}`, { user, headers: { range: "bytes=0-9" } });
    assert.equal(found.body, blob);
    await one.must("pulumi", "preview", "--expect-no-changes");
  }

  it("brings back a removed, a stopped and a paused server, and says what each was", async () => {
    await output(["docker", "rm", "--force", proxy]);
    await output(["docker", "stop", verifier]);
    await output(["docker", "pause", registry]);
    const said = await one.must("up");
    assert.match(said, new RegExp(`container ${proxy} is not on the Docker host, and is recreated`));
    assert.match(said, new RegExp(`${verifier} was exited, and runs again`));
    assert.match(said, new RegExp(`${registry} was paused, and runs again`));
    await isWhole();
  });

  it("brings back everything but the data after all else was removed", async () => {
    const ours = ["--filter", `label=private-registry.stack=${one.stack}`];
    const listed = async (...args: string[]) => (await output(["docker", ...args, ...ours])).split("\n");
    await output(["docker", "rm", "--force", ...(await listed("ps", "--all", "--quiet"))]);
    const volumes = (await listed("volume", "ls", "--quiet")).filter((name) => name !== `${prefix}-data`);
    await output(["docker", "volume", "rm", ...volumes]);
    await output(["docker", "network", "rm", `${prefix}-network`]);
    const said = await one.must("up");
    for (const name of [...servers, ...volumes, `${prefix}-network`])
      assert.match(said, new RegExp(`${name} is not on the Docker host, and is recreated`));
    await isWhole();
  });

  it("ends restart loops by giving the servers their files again", async () => {
    const spoil = ["echo spoiled > /config/current/config.yml; echo spoiled > /files/current/nginx.conf"];
    const mounts = ["-v", `${prefix}-config:/config`, "-v", `${prefix}-proxy-files:/files`];
    await output(["docker", "run", "--rm", ...mounts, "--entrypoint", "sh", registryImage, "-c", ...spoil]);
    await output(["docker", "restart", "--time", "1", registry, proxy]);
    await until("both restart", async () => {
      const format = ["inspect", "-f", "{{.RestartCount}}", registry, proxy];
      return (await output(["docker", ...format])).split("\n").every((count) => Number(count) > 2);
    });
    const said = await one.must("up");
    for (const name of [registry, proxy]) assert.match(said, new RegExp(`${name} .*, and is recreated`));
    await isWhole();
  });

  it("leaves servers that others made as long as they cannot be replaced, then replaces them", async () => {
    for (const server of servers) await recreate(server);
    const made = await identities();
    configure(badSettings());
    assert.match(await one.refused("up"), /is not a user name/);
    assert.deepEqual(await identities(), made);
    configure(settings);
    const said = await one.must("up");
    for (const server of servers)
      assert.match(
        said,
        new RegExp(`${server} was created by something else than this stack, and is replaced`),
      );
    const now = await identities();
    for (const [index, identity] of made.entries()) assert.notEqual(now[index], identity);
    await isWhole();
  });

  it("is as declared after an older state was restored", async () => {
    const older = join(one.folder, "older.json");
    copyFileSync(stateFile(), older);
    const before = await startOf(registry);
    configure(`${settings}    registry: { logLevel: debug }\n    realm: Other\n`);
    await one.must("up");
    assert.notEqual(await startOf(registry), before);
    copyFileSync(older, stateFile());
    configure(settings);
    await one.must("up");
    assert.equal(await startOf(registry), before);
    assert.equal((await client.ask("/v2/")).headers["www-authenticate"], 'Basic realm="Private Registry"');
    await isWhole();
  });

  it("removes a running server that the state does not know only once a preview has succeeded", async () => {
    const resources: { urn: string }[] = JSON.parse(readFileSync(stateFile(), "utf8")).checkpoint.latest
      .resources;
    const urn = resources.find((each) => each.urn.endsWith("::main-proxy-container"))?.urn ?? "";
    await engine("state", "delete", urn, "--target-dependents", "--yes");
    const unknown = await identityOf(proxy);
    configure(badSettings());
    // With the keeper, which waits for the proxy and so went from the state as well.
    assert.match(await one.refused("up"), new RegExp(`nothing can replace .*${proxy}.* now`));
    assert.equal(await identityOf(proxy), unknown);
    configure(settings);
    assert.match(await one.must("up"), new RegExp(`removed .*${proxy}.*, which the engine does not know: `));
    assert.notEqual(await identityOf(proxy), unknown);
    await isWhole();
  });

  it("refuses a port that others have and an address that is none of the host's, and changes nothing", async () => {
    const holder = "private-registry-clone-broken-holder";
    const publish = ["--name", holder, "--publish", "127.0.0.1:18471:80", "--entrypoint", "sleep"];
    const made = await identities();
    await output(["docker", "run", "--detach", "--rm", ...publish, registryImage, "100"]);
    try {
      configure(settings.replace(String(port), "18471"));
      const text = `port: 127.0.0.1:18471 is taken by the container ${holder} (docker stop ${holder}). Nothing was changed`;
      assert.ok((await one.refused("up")).includes(text));
    } finally {
      await output(["docker", "rm", "--force", holder]);
    }
    configure(settings.replace("bindAddress: 127.0.0.1", "bindAddress: 192.0.2.7"));
    assert.match(await one.refused("up"), /bindAddress: the Docker host has no address 192\.0\.2\.7/);
    configure(settings);
    assert.deepEqual(await identities(), made);
  });

  it("refuses to leave the images behind when the stack is renamed, and says how to keep them", async () => {
    const made = await identities();
    await engine("stack", "rename", "clone-renamed");
    const renamed = { cwd: one.folder };
    const up = ["npm", "run", "up", "--", "--stack", "clone-renamed"];
    const keep = `npm run -s pulumi -- --stack clone-renamed config set --path settings.storage.volumeName ${prefix}-data`;
    const refused = await run(up, renamed);
    assert.equal(refused.status, 1);
    assert.ok(refused.stderr.includes(keep), refused.stderr);
    assert.deepEqual(await identities(), made);
    await output(keep.split(" "), renamed);
    await output(up, renamed);
    const found = await client.ask(`/v2/team/app/blobs/${digest}`, { user });
    assert.equal(found.body, blob);
    await output(["npm", "run", "down", "--", "--stack", "clone-renamed"], renamed);
  });
});
