import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { type Answer, askSocket, RegistryClient, type RequestOptions } from "../../support/client";
import { type Answers, digestOf, endpointGrid } from "../../support/endpointGrid";
import { crane } from "../../support/goPrograms";
import { loggedRequests } from "../../support/loggedRequests";
import { misleadingRepositories } from "../../support/oddNames";

const port = 18592;
const host = `127.0.0.1:${port}`;
const registry = "private-registry-requests-main-registry";
const digest = digestOf("a blob to mount");
const uploads = "/v2/team/app/blobs/uploads/";
const mount = `mount=${digest}&from=team/base`;

/** What a client asks, and what of it the registry is asked. */
const passed: readonly (readonly [method: string, target: string, status: number, passed: string])[] = [
  ["POST", `${uploads}?${mount}&origin=index.docker.io`, 201, `${uploads}?${mount}`],
  ["POST", `${uploads}?Mount=x&Mount=y&${mount}&From=other`, 201, `${uploads}?${mount}`],
  ["POST", `${uploads}?x=${"%61".repeat(2500)}&${mount}`, 201, `${uploads}?${mount}`],
  ["POST", `${uploads}?n=1&ns=docker.io&_state=a&last=b`, 202, uploads],
  ["POST", `${uploads}?digest-algorithm=sha256`, 202, uploads],
  ["POST", `${uploads}?mount=sha256:abc&from=team/base`, 202, `${uploads}?from=team/base`],
  ["GET", "/v2/team/base/tags/list?tag=1&tag=2&n=1", 404, "/v2/team/base/tags/list?n=1"],
  ["GET", "/v2/_catalog?last=team%2Fapp&x&=&y=&N=2&n=1&", 200, "/v2/_catalog?n=1&last=team%2Fapp"],
  ["GET", "/v2/_catalog?filter%5Bname%5D=a+b&na%6de=a;b&n%2b=2", 200, "/v2/_catalog"],
  [
    "GET",
    `/v2/team/base/blobs/${digestOf("x")}?ns=docker.io&x=1`,
    404,
    `/v2/team/base/blobs/${digestOf("x")}?ns=docker.io`,
  ],
];

/** What another reader than this proxy might take for something else. */
const refused = [
  `${uploads}?mount=${digest}&fr%6fm=team/base`,
  `${uploads}?%6dount=${digest}&from=team/base`,
  `${uploads}?${mount}&from=other`,
  `${uploads}?${mount}&mount=${digest}`,
  `${uploads}?digest=${digest}&x=1&digest=${digest}`,
  `${uploads}?x=1;${mount}`,
  `${uploads}?mount=${digest};from=team/base`,
  `${uploads}?${mount}&from`,
  `${uploads}?${mount}&x=%`,
];

describe("a request", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let user: string;
  let bare: Answers;
  let marks = 0;
  let craneEnv: { [name: string]: string };
  const folder = mkdtempSync(join(tmpdir(), "private-registry-requests-"));

  before(async () => {
    stack = await infraStack("requests", loggedRequests(port, "nginx"));
    const outputs = await stack.up();
    const password = (outputs.credentials as Record<string, string>).admin;
    user = `admin:${password}`;
    client = new RegistryClient(port, String(outputs.caCertificate));
    writeFileSync(join(folder, "ca.pem"), String(outputs.caCertificate));
    const auths = { [host]: { auth: Buffer.from(user).toString("base64") } };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ auths }));
    craneEnv = { DOCKER_CONFIG: folder, SSL_CERT_FILE: join(folder, "ca.pem") };
    const socket = join(await mountpoint("socket"), "registry.sock");
    bare = await endpointGrid((path, options) => askSocket(socket, path, options), misleadingRepositories);
  });

  after(async () => {
    await stack?.remove();
    rmSync(folder, { recursive: true });
  });

  for (const front of ["nginx", "waf"] as const)
    describe(`at the front ${front}`, () => {
      before(async () => {
        stack.configure(loggedRequests(port, front));
        if (front === "waf") await stack.up();
        await empty();
      });

      it("gets the bare registry's own answer, in repositories named like endpoints", async (test) => {
        const answers = await endpointGrid(ask, misleadingRepositories);
        for (const [title, answer] of Object.entries(bare)) assert.deepEqual(answers[title], answer, title);
        assert.equal(Object.keys(answers).length, Object.keys(bare).length);
        test.diagnostic(`${Object.keys(bare).length} requests`);
      });

      it("reaches the registry with those arguments alone that it may see", async () => {
        const start = await ask("/v2/team/base/blobs/uploads/", { method: "POST" });
        const end = `${start.headers.location}&x=1&digest=${digest}&tag=2`;
        assert.equal((await ask(end, { method: "PUT", body: "a blob to mount" })).status, 201);
        const seen = (await asked()).length;
        for (const [method, target, status] of passed)
          assert.equal((await ask(target, { method })).status, status, target);
        assert.deepEqual(
          (await asked()).slice(seen),
          passed.map(([method, , , target]) => `${method} ${target} HTTP/1.1`),
        );
      });

      it("is refused where the registry might read other arguments, and never reaches it", async () => {
        const seen = await asked();
        for (const target of refused)
          assert.equal((await ask(target, { method: "POST" })).status, 400, target);
        assert.deepEqual(await asked(), seen);
      });

      it("deletes no blob, in no repository; an upload under way it cancels", async () => {
        const seen = await asked();
        for (const name of [...misleadingRepositories, "team/base"]) {
          const target = `/v2/${name}/blobs/${digest}`;
          const { status, headers } = await ask(target, { method: "DELETE" });
          assert.deepEqual([status, headers.allow], [405, "GET, HEAD"], target);
          for (const stranger of [undefined, "admin:wrong"])
            assert.equal((await ask(target, { method: "DELETE", user: stranger })).status, 401, target);
        }
        assert.deepEqual(await asked(), seen);
        assert.equal((await ask(`/v2/team/base/blobs/${digest}`, { method: "HEAD" })).status, 200);
        const start = await ask(uploads, { method: "POST" });
        assert.equal((await ask(String(start.headers.location), { method: "DELETE" })).status, 204);
      });

      it("uploads a large blob with arguments that nobody knows", async () => {
        const blob = randomBytes(20_000_000);
        const start = await ask(`${uploads}?origin=a`, { method: "POST" });
        const octets = { "Content-Type": "application/octet-stream" };
        const patch = { method: "PATCH", headers: octets, body: blob };
        assert.equal((await ask(`${start.headers.location}&origin=a&filter%5B%5D`, patch)).status, 202);
      });

      it("of crane pushes and copies an image by mounts: no layer travels twice", async () => {
        const [program = ""] = await crane();
        writeFileSync(join(folder, "data"), randomBytes(3_000_000));
        await output(["tar", "-C", folder, "-cf", join(folder, "layer.tar"), "data"]);
        for (const name of ["x/blobs/uploads/app", "x/manifests/latest", "tags/list"]) {
          const image = `${host}/${front}/${name}:list`;
          await must([program, "append", "-f", join(folder, "layer.tar"), "-t", image, "--oci-empty-base"]);
          const seen = (await asked()).length;
          await must([program, "copy", image, `${host}/${front}/copy/of/${name}:uploads`]);
          const lines = (await asked()).slice(seen);
          assert.equal(lines.filter((line) => line.startsWith("POST ") && line.includes("mount=")).length, 2);
          assert.deepEqual(
            lines.filter((line) => /^(PATCH|PUT) \S+\/blobs\/uploads\/[^/]* /.test(line)),
            [],
          );
          assert.ok(lines.every((line) => !line.includes("origin")));
          await must([
            program,
            "pull",
            `${host}/${front}/copy/of/${name}:uploads`,
            join(folder, "pulled.tar"),
          ]);
        }
      });
    });

  const ask = (path: string, options: RequestOptions = {}): Promise<Answer> =>
    client.ask(path, { user, ...options });

  async function must(command: readonly string[]): Promise<string> {
    return output(command, { env: craneEnv });
  }

  async function mountpoint(volume: string): Promise<string> {
    const name = `private-registry-requests-main-${volume}`;
    return output(["docker", "volume", "inspect", "-f", "{{.Mountpoint}}", name]);
  }

  /** Takes all images away. */
  async function empty(): Promise<void> {
    await output(["docker", "stop", registry]);
    rmSync(join(await mountpoint("data"), "docker"), { recursive: true, force: true });
    await output(["docker", "start", registry]);
    await until("the registry answers", async () => (await ask("/v2/")).status === 200);
  }

  /** Request lines that the registry has logged so far, but for those of health checks. */
  async function asked(): Promise<string[]> {
    const mark = `GET /v2/mark/tags/list?n=${++marks} HTTP/1.1`;
    await ask(`/v2/mark/tags/list?n=${marks}`);
    let lines: string[] = [];
    await until("the registry logs", async () => {
      const { stdout, stderr } = await run(["docker", "logs", registry]);
      lines = [...(stdout + stderr).matchAll(/"([A-Z]+ \S+ HTTP\/1\.1)" \d{3}/g)].map(
        ([, line = ""]) => line,
      );
      return lines.includes(mark);
    });
    return lines.filter((line) => !line.startsWith("GET / ") && !line.includes("/v2/mark/"));
  }
});
