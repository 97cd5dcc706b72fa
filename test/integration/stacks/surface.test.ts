import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { output, run } from "../../../tools/shell";
import { addressOf, type InfraStack, infraStack, proxyImage } from "../../../tools/temporaryStack";
import { type Answer, RegistryClient, type RequestOptions } from "../../support/client";

const port = 18445;
const prefix = "private-registry-surface-main";

describe("what a registry shows to the outside", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let user: string;

  before(async () => {
    stack = await infraStack("surface", { hostnames: ["127.0.0.1"], port, bindAddress: "127.0.0.1" });
    const outputs = await stack.up();
    client = new RegistryClient(port, String(outputs.caCertificate));
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
  });

  after(() => stack?.remove());

  const ask = (path: string, options: RequestOptions = {}): Promise<Answer> =>
    client.ask(path, { user, ...options });

  it("leads /v2 to /v2/ without naming host or port", async () => {
    const { status, headers } = await client.ask("/v2");
    assert.equal(status, 301);
    assert.equal(headers.location, "/v2/");
  });

  it("answers 401 with the version header and the API's error format without credentials", async () => {
    const { status, headers, body } = await client.ask("/v2/");
    assert.equal(status, 401);
    assert.equal(headers["docker-distribution-api-version"], "registry/2.0");
    assert.equal(headers["www-authenticate"], 'Basic realm="Private Registry"');
    assert.equal(JSON.parse(body).errors[0].code, "UNAUTHORIZED");
  });

  it("answers the same to a stranger whether a repository exists or not", async () => {
    await ask("/v2/known/blobs/uploads/", { method: "POST" });
    const paths = ["/v2/known/tags/list", "/v2/unknown/tags/list", "/v2/known/manifests/1", "/v2/_catalog"];
    for (const path of paths) {
      for (const stranger of [undefined, "admin:wrong", "nobody:wrong"]) {
        const { status, body } = await client.ask(path, { user: stranger });
        assert.equal(status, 401, path);
        assert.match(body, /UNAUTHORIZED/);
      }
    }
  });

  it("answers 200 and an empty object with credentials, and lists nothing at first", async () => {
    const root = await ask("/v2/");
    assert.deepEqual([root.status, root.body], [200, "{}"]);
    assert.equal(root.headers["docker-distribution-api-version"], "registry/2.0");
    assert.deepEqual(JSON.parse((await ask("/v2/_catalog")).body), { repositories: [] });
    assert.equal((await ask("/v2/unknown/tags/list")).status, 404);
  });

  it("gives a relative location for an upload, whatever a client claims about the address", async () => {
    const claims: NonNullable<RequestOptions["headers"]>[] = [
      {},
      { Forwarded: "proto=http;host=evil.example" },
      { "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example" },
      { Host: "evil.example" },
    ];
    for (const headers of claims) {
      const start = await ask("/v2/team/app/blobs/uploads/", { method: "POST", headers });
      assert.equal(start.status, 202);
      assert.match(String(start.headers.location), /^\/v2\/team\/app\/blobs\/uploads\//);
    }
  });

  it("refuses paths and queries that nginx and the registry could read differently", async () => {
    const refused = [
      "/v2/team%2fapp/tags/list",
      "/v2/team//app/tags/list",
      "/v2/../v2/_catalog",
      "/v2/./_catalog",
      "/v2/team/app/blobs/uploads/?fr%6fm=other",
      "/v2/team/app/blobs/uploads/?from=a&from=b",
      "/v2/_catalog?%6e=1",
      "/v2/_catalog?n=1;last=x",
    ];
    for (const path of refused) {
      assert.equal((await ask(path)).status, 400, path);
      assert.equal((await client.ask(path)).status, 400, `${path} without credentials`);
    }
    for (const query of ["n=5&last=team%2Fapp", "unknown=1&unknown&=", "N=x"])
      assert.equal((await ask(`/v2/_catalog?${query}`)).status, 200, query);
  });

  it("mounts no blob by a form in the body, and does by a query", async () => {
    const blob = Buffer.from("a blob of another repository");
    const digest = await pushBlob("secret/source", blob);
    const form = await ask("/v2/team/target/blobs/uploads/", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: `mount=${digest}&from=secret/source`,
    });
    assert.equal(form.status, 202, "an upload starts, nothing is mounted");
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent("secret/source")}`;
    for (const origin of ["", "&origin=index.docker.io"]) {
      const mounted = await ask(`/v2/team/target/blobs/uploads/?${query}${origin}`, { method: "POST" });
      assert.equal(mounted.status, 201);
    }
  });

  it("refuses Docker 1.5 and earlier, plain HTTP, and paths that are not of the API", async () => {
    assert.equal((await ask("/v2/", { headers: { "User-Agent": "docker/1.5.0 go/go1.3" } })).status, 404);
    assert.equal((await ask("/elsewhere")).status, 404);
    assert.match(String((await ask("/")).headers["content-type"]), /^text\/html/, "the page for people");
    assert.match(
      await output(["curl", "-sS", `http://127.0.0.1:${port}/v2/`]),
      /plain HTTP on the HTTPS port/,
    );
  });

  it("speaks TLS 1.2 and 1.3 only", async () => {
    const works = async (version: string) => {
      const args = ["-connect", `127.0.0.1:${port}`, version, "-cipher", "DEFAULT@SECLEVEL=0"];
      return (await run(["openssl", "s_client", ...args])).status === 0;
    };
    assert.deepEqual(
      [await works("-tls1"), await works("-tls1_1"), await works("-tls1_2"), await works("-tls1_3")],
      [false, false, true, true],
    );
  });

  it("listens on the proxy's TLS port, and else on loopbacks inside the containers", async () => {
    assert.deepEqual(await listening(`${prefix}-proxy`), ["0.0.0.0:8443", "127.0.0.1:8081"]);
    assert.deepEqual(await listening(`${prefix}-registry`), ["127.0.0.1:5001"]);
  });

  it("lets an unprivileged user of the host reach neither the registry nor its socket", async () => {
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const address = await addressOf(`${prefix}-proxy`);
    const direct = await run([...nobody, "curl", "-skS", `https://${address}:8443/v2/_catalog`]);
    assert.match(direct.stdout, /UNAUTHORIZED/);
    for (const closed of [5000, 5001, 8081]) {
      const refused = await run([...nobody, "curl", "-sS", "-m", "5", `http://${address}:${closed}/v2/`]);
      assert.equal(refused.status, 7, `port ${closed}: ${refused.stdout}`);
    }
    const folder = await output(["docker", "volume", "inspect", "-f", "{{.Mountpoint}}", `${prefix}-socket`]);
    const socket = ["curl", "-sS", "--unix-socket", `${folder}/registry.sock`, "http://registry/v2/_catalog"];
    assert.match(await output(socket), /repositories/, "root can, so this is the socket");
    assert.notEqual((await run([...nobody, ...socket])).status, 0);
  });

  it("lets another container on the same network reach the proxy alone", async () => {
    const inContainer = async (url: string) => {
      const label = [
        "--label",
        "private-registry.project=private-registry",
        "--label",
        "private-registry.stack=surface",
      ];
      const network = ["--network", `${prefix}-network`];
      return run(["docker", "run", "--rm", ...label, ...network, proxyImage, "curl", "-skS", "-m", "5", url]);
    };
    assert.match((await inContainer(`https://${prefix}-proxy:8443/v2/_catalog`)).stdout, /UNAUTHORIZED/);
    for (const url of [`http://${prefix}-registry:5000/v2/`, `http://${prefix}-proxy:8081/healthz`]) {
      const { status, stdout } = await inContainer(url);
      assert.ok(status === 6 || status === 7, `${url}: ${status} ${stdout}`);
    }
  });

  async function pushBlob(repository: string, blob: Buffer): Promise<string> {
    const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;
    const start = await ask(`/v2/${repository}/blobs/uploads/`, { method: "POST" });
    const put = await ask(`${start.headers.location}&digest=${encodeURIComponent(digest)}`, {
      method: "PUT",
      body: blob,
    });
    assert.equal(put.status, 201);
    return digest;
  }
});

/** Addresses on which something listens in the network namespace of a container. */
async function listening(container: string): Promise<string[]> {
  const pid = await output(["docker", "inspect", "-f", "{{.State.Pid}}", container]);
  const lines = (await output(["nsenter", "-t", pid, "-n", "ss", "-lntH"])).split("\n");
  const addresses = lines.map((line) => line.split(/\s+/)[3] ?? "");
  // Docker's own resolver answers in every network of its making, on a port that changes.
  return addresses.filter((address) => !address.startsWith("127.0.0.11:")).sort();
}
