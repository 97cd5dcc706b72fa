import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { type Answer, askSocket, RegistryClient, type RequestOptions } from "../../support/client";

const port = 18456;
const prefix = "private-registry-blobs-main";
const blob = randomBytes(200_000);
const other = randomBytes(1000);
const digestOf = (content: Buffer) => `sha256:${createHash("sha256").update(content).digest("hex")}`;
const digest = digestOf(blob);
const etag = `"${digest}"`;
const path = (repository: string, name = digest) => `/v2/${repository}/blobs/${name}`;

/** Every method and condition for which the proxy could answer another way than the registry. */
const cases: { [title: string]: [string, RequestOptions?] } = {};
for (const method of ["GET", "HEAD"]) {
  const add = (title: string, target: string, headers?: RequestOptions["headers"]) => {
    cases[`${method} ${title}`] = [target, { method, headers }];
  };
  add("a blob", path("team/app"));
  add("a blob in a deep repository", path("a/b/c/d"));
  add("another repository's blob", path("team/other"));
  add("a blob of no repository", path("team/none"));
  add("an unknown digest", path("team/app", `sha256:${"0".repeat(64)}`));
  add("a short digest", path("team/app", "sha256:abc"));
  add("a digest in capitals", path("team/app", digest.toUpperCase().replace("SHA", "sha")));
  add("an unknown algorithm", path("team/app", `sha999:${"0".repeat(64)}`));
  add("a range", path("team/app"), { Range: "bytes=10-19" });
  add("an open range", path("team/app"), { Range: "bytes=199990-" });
  add("a range from the end", path("team/app"), { Range: "bytes=-5" });
  add("a range past the end", path("team/app"), { Range: "bytes=100000-999999" });
  add("a range that cannot be", path("team/app"), { Range: "bytes=900000-" });
  add("a range that is none", path("team/app"), { Range: "bytes=abc" });
  add("a range in another unit", path("team/app"), { Range: "lines=1-2" });
  add("with its tag known", path("team/app"), { "If-None-Match": etag });
  add("with its tag known as weak", path("team/app"), { "If-None-Match": `W/${etag}` });
  add("with its tag among others", path("team/app"), { "If-None-Match": `"x", ${etag}` });
  add("with any tag known", path("team/app"), { "If-None-Match": "*" });
  add("with another tag known", path("team/app"), { "If-None-Match": '"x"' });
  add("with its tag wanted", path("team/app"), { "If-Match": etag });
  // The registry promises a body with its 412 and then cuts the connection: only the head can be compared.
  if (method === "HEAD") add("with another tag wanted", path("team/app"), { "If-Match": '"x"' });
  add("a range if it is the same", path("team/app"), { Range: "bytes=0-9", "If-Range": etag });
  add("a range if it were another", path("team/app"), { Range: "bytes=0-9", "If-Range": '"x"' });
  add("if modified since", path("team/app"), { "If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT" });
  add("if unmodified since", path("team/app"), { "If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT" });
  add("of another repository with its tag known", path("team/other"), { "If-None-Match": etag });
}
cases["POST to a blob"] = [path("team/app"), { method: "POST" }];
cases["PUT to a blob"] = [path("team/app"), { method: "PUT" }];

describe("the proxy's answer about a blob", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let user: string;
  let socket: string;

  before(async () => {
    stack = await infraStack("blobs", { hostnames: ["127.0.0.1"], port, bindAddress: "127.0.0.1" });
    const outputs = await stack.up();
    client = new RegistryClient(port, String(outputs.caCertificate));
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    const volume = ["docker", "volume", "inspect", "-f", "{{.Mountpoint}}", `${prefix}-socket`];
    socket = join(await output(volume), "registry.sock");
    for (const repository of ["team/app", "a/b/c/d"]) await push(repository, blob);
    await push("team/other", other);
  });

  after(() => stack?.remove());

  async function push(repository: string, content: Buffer): Promise<void> {
    const start = await client.ask(`/v2/${repository}/blobs/uploads/`, { method: "POST", user });
    const target = `${start.headers.location}&digest=${encodeURIComponent(digestOf(content))}`;
    assert.equal((await client.ask(target, { method: "PUT", user, body: content })).status, 201);
  }

  for (const [title, [target, options]] of Object.entries(cases)) {
    it(`is the registry's own for ${title}`, async () => {
      const ours = await client.ask(target, { ...options, user });
      const theirs = await askSocket(socket, target, options);
      assert.deepEqual(comparable(ours), comparable(theirs));
    });
  }

  it("is 401 for a stranger and for a wrong password, whether the blob exists or not", async () => {
    for (const stranger of [undefined, "admin:wrong", "nobody:wrong"]) {
      for (const target of [path("team/app"), path("team/none")]) {
        const { status, body } = await client.ask(target, { user: stranger });
        assert.equal(status, 401);
        assert.match(body, /UNAUTHORIZED/);
      }
    }
  });

  it("is 405 if it is to be deleted, whether it exists or not, and it stays", async () => {
    for (const name of [digest, `sha256:${"0".repeat(64)}`, `sha512:${"0".repeat(128)}`, "sha256:abc"])
      for (const repository of ["team/app", "team/none"]) {
        const { status, headers, body } = await client.ask(path(repository, name), {
          user,
          method: "DELETE",
        });
        assert.equal(status, 405, `${repository} ${name}`);
        assert.equal(headers.allow, "GET, HEAD");
        assert.equal(JSON.parse(body).errors[0].code, "UNSUPPORTED");
      }
    assert.equal((await client.ask(path("team/app"), { user })).status, 200);
  });

  it("is 401 for a stranger who would delete", async () => {
    for (const stranger of [undefined, "admin:wrong"]) {
      const { status, headers } = await client.ask(path("team/app"), { user: stranger, method: "DELETE" });
      assert.deepEqual([status, headers.allow], [401, undefined]);
    }
  });

  it("is 404 at once after the registry itself deleted the blob, and the other repository keeps it", async () => {
    assert.equal((await askSocket(socket, path("team/app"), { method: "DELETE" })).status, 202);
    assert.equal((await client.ask(path("team/app"), { user })).status, 404);
    assert.equal((await client.ask(path("a/b/c/d"), { user })).status, 200);
  });

  it("comes from the proxy: the registry is not asked for it", async () => {
    const config = { hostnames: ["127.0.0.1"], port, bindAddress: "127.0.0.1" };
    await output(["docker", "stop", `${prefix}-registry`]);
    assert.equal((await client.ask(path("a/b/c/d"), { user })).status, 200);
    assert.equal((await client.ask("/v2/_catalog", { user })).status, 503);
    await output(["docker", "start", `${prefix}-registry`]);
    stack.configure({ ...config, proxyServesBlobs: false });
    await stack.up();
    await output(["docker", "stop", `${prefix}-registry`]);
    assert.equal((await client.ask(path("a/b/c/d"), { user })).status, 503);
    await output(["docker", "start", `${prefix}-registry`]);
  });
});

/** What must be the same: not the date, the server's name and how the connection is kept. */
function comparable({ status, headers, body }: Answer) {
  const { date, server, connection, "keep-alive": keep, "transfer-encoding": transfer, ...others } = headers;
  // The proxy adds these to every answer, whatever the registry says.
  const { "x-content-type-options": type, "content-security-policy": policy, ...same } = others;
  return { status, headers: same, body };
}
