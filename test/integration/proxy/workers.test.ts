import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Agent, get } from "node:https";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { output, until } from "../../../tools/shell";
import { type InfraStack, infraStack, proxyImage } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";

const port = 18458;
const prefix = "private-registry-workers-main";
const config = { hostnames: ["127.0.0.1"], port, bindAddress: "127.0.0.1" };
const blob = randomBytes(60_000_000);
const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;
const path = `/v2/team/app/blobs/${digest}`;
const serving = /nginx: worker process *$/;

describe("the workers of the proxy", () => {
  let stack: InfraStack;
  let ca: string;
  let user: string;

  before(async () => {
    stack = await infraStack("workers", config);
    const outputs = await stack.up();
    ca = String(outputs.caCertificate);
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    const client = new RegistryClient(port, ca);
    const { headers } = await client.ask("/v2/team/app/blobs/uploads/", { method: "POST", user });
    const target = `${headers.location}&digest=${encodeURIComponent(digest)}`;
    assert.equal((await client.ask(target, { method: "PUT", user, body: blob })).status, 201);
  });

  after(() => stack?.remove());

  const answer = (target: string, agent = new Agent()) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: "127.0.0.1", port, path: target, auth: user, ca, agent }, resolve).on("error", reject);
    });
  const inProxy = (script: string) => output(["docker", "exec", `${prefix}-proxy`, "sh", "-c", script]);
  const workers = async (title: RegExp) =>
    (await output(["docker", "top", `${prefix}-proxy`, "-eo", "pid,args"]))
      .split("\n")
      .filter((line) => title.test(line))
      .map((line) => Number.parseInt(line, 10));

  async function reload(): Promise<void> {
    const before = await workers(serving);
    await inProxy("kill -HUP 1");
    // New ones start before the old ones stop taking connections.
    await until("new workers alone serve", async () => {
      const now = await workers(serving);
      return now.length > 0 && now.every((pid) => !before.includes(pid));
    });
  }

  it("have room for more connections than 1,024 each, as registry and verifier do, on every daemon", async () => {
    for (const role of ["proxy", "registry", "verifier"]) {
      const limits = await output(["docker", "exec", `${prefix}-${role}`, "cat", "/proc/1/limits"]);
      assert.match(limits, /^Max open files +16384 +16384 /m, role);
    }
    const count = 1024 * (await workers(serving)).length + 200;
    // Each stays open until the last has its answer, in the order of a crowd that comes within seconds.
    const agents: Agent[] = [];
    let closed = 0;
    while (agents.length < count) {
      const crowd = Array.from({ length: 100 }, () => new Agent({ keepAlive: true }));
      for (const response of await Promise.all(crowd.map((agent) => answer("/v2/", agent)))) {
        assert.equal(response.statusCode, 200);
        response.socket.on("close", () => {
          closed += 1;
        });
        response.resume();
      }
      agents.push(...crowd);
    }
    assert.equal(closed, 0);
    for (const agent of agents) agent.destroy();
  });

  it("change nothing for a second preview, also after a refresh", async () => {
    await stack.expectNoChanges();
    await stack.stack.refresh();
    await stack.expectNoChanges();
  });

  it("end with what they still transfer when their time is over, and cut nothing before", async () => {
    // A day is the time of the product, and too long for a test.
    const shorten =
      "sed -i 's/worker_shutdown_timeout 86400s;/worker_shutdown_timeout 8s;/' /files/current/nginx.conf";
    const volume = ["--volume", `${prefix}-proxy-files:/files`];
    await output(["docker", "run", "--rm", ...volume, "--entrypoint", "sh", proxyImage, "-c", shorten]);
    await reload();
    const [short, long] = [await answer(path), await answer(path)];
    const start = performance.now();
    await reload();
    const seconds = () => (performance.now() - start) / 1000;
    const old = await workers(/shutting down/);
    assert.ok(old.length > 0);

    await pause(3000);
    const hash = createHash("sha256");
    for await (const chunk of short) hash.update(chunk);
    assert.equal(`sha256:${hash.digest("hex")}`, digest);

    const retired = async () => (await workers(/nginx:/)).every((pid) => !old.includes(pid));
    await until("the old workers have ended", retired, 30);
    assert.ok(seconds() > 7, `${seconds()} s`);
    await assert.rejects(async () => {
      for await (const _ of long);
    }, /aborted/);
  });
});
