import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type InfraStack, identityOf, infraStack, proxyImage, wafImage } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { underLoad } from "../../support/load";
import { type Skopeo, skopeo } from "../../support/skopeo";
import { statusOf } from "../../support/statusOf";

const port = 18716;
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const config = {
  hostnames: ["127.0.0.1"],
  port,
  bindAddress: "127.0.0.1",
  proxyImage,
  users: [
    { name: "reader", groups: ["readers"], expires: day(10) },
    { name: "admin" },
    { name: "late", groups: ["readers"], expires: day(-1) },
  ],
  access: [
    { repositories: ["team/*"], groups: ["readers"], actions: ["pull"] },
    { repositories: ["**"], users: ["admin"], actions: ["push", "delete"] },
    { repositories: ["public/*"], anonymous: true, actions: ["pull"] },
  ],
  immutableTags: [{ repositories: ["**"], tags: ["v*"] }],
};

describe("a stack with rules of access", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let passwords: Record<string, string>;
  let outputs: Record<string, unknown>;
  let warnings: string;

  before(async () => {
    stack = await infraStack("access", config);
    const made = await stack.stack.up();
    warnings = made.stdout;
    outputs = Object.fromEntries(Object.entries(made.outputs).map(([name, { value }]) => [name, value]));
    passwords = outputs.credentials as Record<string, string>;
    client = new RegistryClient(port, String(outputs.caCertificate));
  });

  after(() => stack?.remove());

  const status = async (name: string, path: string, method = "GET") =>
    (await client.ask(path, { method, user: `${name}:${passwords[name]}` })).status;

  it("lets each user do what the rules say, and tells of logins that end", async () => {
    assert.deepEqual(outputs.expiringUsers, { reader: day(10), late: day(-1) });
    const { stdout } = await statusOf(stack, "access");
    for (const text of [warnings, stdout]) {
      assert.match(text, new RegExp(`the login of reader expires after ${day(10)}`));
      assert.match(text, new RegExp(`the login of late expired on ${day(-1)}`));
      assert.doesNotMatch(text, /the login of admin/);
    }
    assert.equal(await status("reader", "/v2/"), 200);
    assert.equal(await status("reader", "/v2/team/app/tags/list"), 404);
    assert.equal(await status("reader", "/v2/other/app/tags/list"), 403);
    assert.equal(await status("reader", "/v2/team/app/blobs/uploads/", "POST"), 403);
    assert.equal(await status("admin", "/v2/team/app/blobs/uploads/", "POST"), 202);
    assert.equal(await status("late", "/v2/"), 403);
    const ping = await client.ask("/v2/");
    assert.match(
      String(ping.headers["www-authenticate"]),
      /^Bearer realm="https:\/\/127\.0\.0\.1:18716\/_token"/,
    );
    assert.equal((await client.ask("/v2/public/app/tags/list")).status, 404);
    await stack.expectNoChanges();
  });

  it("takes a right away with the very up from whoever pulls, leaves the proxy as it is, and fails no pull of others", async (test) => {
    const proxy = await identityOf("private-registry-access-main-proxy");
    const token = await client.ask("/_token", { user: `admin:${passwords.admin}` });
    const ca = String(outputs.caCertificate);
    const [admin, reader] = ["admin", "reader"].map((name) =>
      skopeo(`127.0.0.1:${port}`, ca, `${name}:${passwords[name]}`),
    ) as [Skopeo, Skopeo];
    try {
      await admin.push("team/app:1", [1_000_000]);
      const readers = pullsUntilRefused(reader, "team/app:1");
      const [first, ...others] = config.access;
      stack.configure({ ...config, access: [{ ...first, repositories: ["else/*"] }, ...others] });
      const target = { host: "127.0.0.1", port, ca, user: `admin:${passwords.admin}` };
      await underLoad(test, { puller: admin, image: "team/app:1", target, atLeast: 2000 }, async () => {
        await stack.up();
        assert.equal(await status("reader", "/v2/team/app/tags/list"), 403);
        assert.equal(await status("reader", "/v2/else/app/tags/list"), 404);
      });
      const { pulls, refusal } = await readers;
      assert.ok(pulls > 0);
      // Of a refused blob skopeo shows the status alone, of the next pull, which begins with a manifest, the reason.
      assert.match(refusal, /403|denied/);
      assert.match((await reader.pull("team/app:1")).stderr, /reader may not pull team\/app/);
    } finally {
      for (const one of [admin, reader]) one.remove();
    }
    assert.equal(await identityOf("private-registry-access-main-proxy"), proxy);
    const headers = { Authorization: `Bearer ${JSON.parse(token.body).token}` };
    assert.equal((await client.ask("/v2/team/app/tags/list", { headers })).status, 200);
    await stack.expectNoChanges();
  });

  it("holds behind the firewall as well", async () => {
    stack.configure({ ...config, front: "waf", proxyImage: wafImage });
    await stack.up();
    assert.equal(await status("reader", "/v2/team/app/tags/list"), 200);
    assert.equal(await status("reader", "/v2/other/app/tags/list"), 403);
    assert.equal(await status("reader", "/v2/team/app/blobs/uploads/", "POST"), 403);
  });

  it("holds behind a load balancer, whose name and scheme clients are told", async () => {
    const external = { trustedAddresses: ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] };
    stack.configure({ ...config, front: "external", external });
    outputs = await stack.up();
    client = new RegistryClient(port, String(Object(outputs.frontSnippets).upstreamCaCertificate));
    assert.equal(await status("reader", "/v2/team/app/tags/list"), 200);
    assert.equal(await status("reader", "/v2/other/app/tags/list"), 403);
    assert.equal(await status("reader", "/v2/team/app/blobs/uploads/", "POST"), 403);
    const { headers } = await client.ask("/v2/", { headers: { Host: "127.0.0.1" } });
    assert.match(String(headers["www-authenticate"]), /^Bearer realm="https:\/\/127\.0\.0\.1\/_token"/);
    assert.equal((await client.ask("/_token")).status, 200);
    assert.equal((await client.ask("/v2/public/app/tags/list")).status, 404);
  });
});

/** Pulls again and again, and answers how often, and with what words it was refused. */
async function pullsUntilRefused(puller: Skopeo, image: string) {
  for (let pulls = 0; ; pulls++) {
    const { status, stderr } = await puller.pull(image);
    if (status !== 0) return { pulls, refusal: stderr };
  }
}
