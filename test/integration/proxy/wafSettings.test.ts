import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { run, until } from "../../../tools/shell";
import { type InfraStack, identityOf, infraStack, proxyImage, wafImage } from "../../../tools/temporaryStack";
import { apiAnswers } from "../../support/apiRequests";
import { RegistryClient, type RequestOptions } from "../../support/client";

const port = 18593;
const prefix = "private-registry-waf-settings-main";
const attack = "/v2/_catalog?last=1%27%20OR%20%271%27=%271";

describe("the settings of the web application firewall", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let user: string;

  const config = (waf: object, image = wafImage) => ({
    hostnames: ["127.0.0.1"],
    port,
    bindAddress: "127.0.0.1",
    front: "waf",
    proxyImage: image,
    waf,
  });

  before(async () => {
    stack = await infraStack("waf-settings", config({ paranoiaLevel: 4, detectionOnly: true }));
    const outputs = await stack.up();
    client = new RegistryClient(port, String(outputs.caCertificate));
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
  });

  after(() => stack?.remove());

  const statusOf = async (path: string, options: RequestOptions = {}): Promise<number> =>
    (await client.ask(path, { user, ...options })).status;

  const configure = async (waf: object): Promise<void> => {
    stack.configure(config(waf));
    await stack.up();
  };

  it("refuse nothing with detectionOnly, and log every rule that matches", async () => {
    const known = (await logOf("proxy")).length;
    assert.equal(await statusOf(attack), 200);
    const upload = { method: "POST", headers: { "User-Agent": "sqlmap/1.7" } };
    assert.equal(await statusOf("/v2/team/app/blobs/uploads/", upload), 202);
    for (const rule of [942100, 913100]) {
      await until(`${rule} is logged`, async () =>
        (await logOf("proxy")).slice(known).includes(`[id "${rule}"]`),
      );
    }
  });

  it("log no Authorization header, although the fourth level matches about any character", async () => {
    const log = await logOf("proxy");
    assert.match(log, /\[id "920273"\]/, "a rule of that level matched");
    const secrets = [user.slice("admin:".length), Buffer.from(user).toString("base64"), "Authorization"];
    for (const secret of secrets) assert.ok(!log.includes(secret), secret.slice(0, 4));
  });

  it("reach the running proxy: level, threshold and excluded rules decide what passes", async () => {
    const before = await identityOf(`${prefix}-proxy`);
    await configure({});
    assert.equal(await statusOf(attack), 403);
    await configure({ excludedRules: [942100] });
    assert.equal(await statusOf(attack), 200);
    await configure({ anomalyThreshold: 6 });
    assert.equal(await statusOf(attack), 200);
    assert.equal(await statusOf("/v2/_catalog?last=%3Cscript%3Ealert(1)%3C/script%3E"), 403, "three rules");
    const comment = "/v2/_catalog?last=a%27--%20-";
    assert.equal(await statusOf(comment), 200);
    await configure({ paranoiaLevel: 3 });
    assert.equal(await statusOf(comment), 403);
    assert.equal(await identityOf(`${prefix}-proxy`), before);
    const answers = await apiAnswers((path, options) => client.ask(path, { user, ...options }), "third");
    const refused = Object.entries(answers).filter(([, status]) => status === 403);
    assert.deepEqual(refused, [], "the third level knows the API");
  });

  it("bound a manifest, and no blob", async () => {
    await configure({ bodyLimit: 65_536 });
    const body = "a".repeat(70_000);
    const headers = { "Content-Type": "application/vnd.oci.image.manifest.v1+json" };
    assert.equal(await statusOf("/v2/team/app/manifests/1", { method: "PUT", headers, body }), 413);
    const start = await client.ask("/v2/team/app/blobs/uploads/", { method: "POST", user });
    assert.equal(await statusOf(String(start.headers.location), { method: "PATCH", body }), 202);
  });

  it("are refused when the image has no firewall, and the proxy goes on", async () => {
    stack.configure(config({}, proxyImage));
    assert.match(await stack.failingUp(), /the image of the proxy has no ngx_http_modsecurity_module\.so/);
    await configure({});
    assert.equal(await statusOf("/v2/"), 200);
  });

  async function logOf(role: string): Promise<string> {
    const { stdout, stderr } = await run(["docker", "logs", `${prefix}-${role}`]);
    return stdout + stderr;
  }
});
