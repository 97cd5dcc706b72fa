import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type InfraStack, identityOf, infraStack, proxyImage, wafImage } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";

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

  before(async () => {
    stack = await infraStack("access", config);
    outputs = await stack.up();
    passwords = outputs.credentials as Record<string, string>;
    client = new RegistryClient(port, String(outputs.caCertificate));
  });

  after(() => stack?.remove());

  const status = async (name: string, path: string, method = "GET") =>
    (await client.ask(path, { method, user: `${name}:${passwords[name]}` })).status;

  it("lets each user do what the rules say, and tells of logins that end", async () => {
    assert.deepEqual(outputs.expiringUsers, { reader: day(10), late: day(-1) });
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

  it("takes a right away with the very up, and leaves the proxy as it is", async () => {
    const proxy = await identityOf("private-registry-access-main-proxy");
    const token = await client.ask("/_token", { user: `admin:${passwords.admin}` });
    const [first, ...others] = config.access;
    stack.configure({ ...config, access: [{ ...first, repositories: ["else/*"] }, ...others] });
    await stack.up();
    assert.equal(await status("reader", "/v2/team/app/tags/list"), 403);
    assert.equal(await status("reader", "/v2/else/app/tags/list"), 404);
    assert.equal(await identityOf("private-registry-access-main-proxy"), proxy);
    const headers = { Authorization: `Bearer ${JSON.parse(token.body).token}` };
    assert.equal((await client.ask("/v2/team/app/tags/list", { headers })).status, 404);
  });

  it("holds behind the firewall as well", async () => {
    stack.configure({ ...config, front: "waf", proxyImage: wafImage });
    await stack.up();
    assert.equal(await status("reader", "/v2/team/app/tags/list"), 404);
    assert.equal(await status("reader", "/v2/other/app/tags/list"), 403);
    assert.equal(await status("reader", "/v2/team/app/blobs/uploads/", "POST"), 403);
  });
});
