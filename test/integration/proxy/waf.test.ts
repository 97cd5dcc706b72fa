import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { run, until } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { apiAnswers } from "../../support/apiRequests";
import { type Attack, attacks } from "../../support/attacks";
import { type Answer, RegistryClient, type RequestOptions } from "../../support/client";
import { loggedRequests } from "../../support/loggedRequests";
import { rawRequest } from "../../support/rawRequest";

const port = 18590;
const host = `127.0.0.1:${port}`;
const prefix = "private-registry-waf-main";
const refusals = [400, 403, 404, 405, 413, 414, 501];

describe("a registry behind the web application firewall", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let ca: string;
  let user: string;
  let ofNginxAlone: { [title: string]: number };

  before(async () => {
    stack = await infraStack("waf", loggedRequests(port, "nginx"));
    const outputs = await stack.up();
    ca = String(outputs.caCertificate);
    client = new RegistryClient(port, ca);
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    ofNginxAlone = await apiAnswers(ask, "plain");
    stack.configure(loggedRequests(port, "waf"));
    await stack.up();
  });

  after(() => stack?.remove());

  const ask = (path: string, options: RequestOptions = {}): Promise<Answer> =>
    client.ask(path, { user, ...options });

  const attempt = ({ line, headers, body }: Attack): Promise<number> => {
    const login = `Authorization: Basic ${Buffer.from(user).toString("base64")}`;
    const head = [`${line} HTTP/1.1`, `Host: ${host}`, login, "Connection: close", ...headers];
    return rawRequest(port, ca, [...head, "", body].join("\r\n"));
  };

  it("answers every endpoint, method and odd name of the API with the status of nginx alone", async (test) => {
    const answers = await apiAnswers(ask, "guarded");
    const named = Object.entries(answers).map(([title, status]) => [
      title.replace("guarded/", "plain/"),
      status,
    ]);
    assert.deepEqual(Object.fromEntries(named), ofNginxAlone);
    assert.ok(named.length >= 40);
    const isLast = (line: string) => line.includes("/v2/guarded/app/unknown ");
    await until("the last is logged", async () => (await seenByRegistry()).some(isLast));
    test.diagnostic(`${named.length} requests`);
  });

  for (const [family, list] of Object.entries(attacks)) {
    it(`refuses ${family}, ${list.length} requests with a right password, and passes none on`, async () => {
      const seen = await seenByRegistry();
      for (const each of list) {
        const known = await logOf("proxy");
        const status = await attempt(each);
        const title = `${family} ${each.title}`;
        if (each.rule === 0) {
          assert.ok(refusals.includes(status), `${title}: ${status}`);
        } else {
          assert.equal(status, 403, title);
          const isLogged = async () =>
            (await logOf("proxy")).slice(known.length).includes(`[id "${each.rule}`);
          await until(`${title}: a rule ${each.rule} is logged`, isLogged);
        }
      }
      assert.deepEqual(await seenByRegistry(), seen);
    });
  }

  it("sees what the registry is asked, as far as the test above can tell", async () => {
    const seen = await seenByRegistry();
    await ask("/v2/plain/app/tags/list?n=77");
    await until("it is logged", async () => (await seenByRegistry()).length === seen.length + 1);
  });

  it("tells a refused client why in the API's format, and a stranger the same", async () => {
    for (const stranger of [user, undefined]) {
      const options = { user: stranger, headers: { "User-Agent": "sqlmap/1.7" } };
      const { status, headers, body } = await client.ask("/v2/_catalog", options);
      assert.equal(status, 403);
      assert.equal(headers["docker-distribution-api-version"], "registry/2.0");
      assert.equal(JSON.parse(body).errors[0].code, "DENIED");
    }
  });

  it("asks strangers for a login as nginx alone does, at uploads and manifests too", async () => {
    for (const [method, path] of [
      ["GET", "/v2/"],
      ["POST", "/v2/team/app/blobs/uploads/"],
      ["PUT", "/v2/team/app/manifests/1"],
    ] as const) {
      for (const stranger of [undefined, "admin:wrong"]) {
        const { status, headers } = await client.ask(path, { method, user: stranger });
        assert.equal(status, 401, path);
        assert.equal(headers["www-authenticate"], 'Basic realm="Private Registry"');
      }
    }
  });

  it("serves blobs itself: the registry is not asked for them", async () => {
    const digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    const seen = await seenByRegistry();
    const { status, body } = await ask(`/v2/plain/app/blobs/${digest}`);
    assert.deepEqual([status, body], [200, "{}"]);
    assert.deepEqual(await seenByRegistry(), seen);
  });

  it("writes neither a password nor an Authorization header into any log", async () => {
    const secrets = [user.slice("admin:".length), Buffer.from(user).toString("base64"), "Authorization"];
    for (const role of ["proxy", "registry", "verifier"]) {
      const log = await logOf(role);
      for (const secret of secrets) assert.ok(!log.includes(secret), `${role}: ${secret.slice(0, 4)}`);
    }
  });

  it("changes nothing at the next up", () => stack.expectNoChanges());

  async function logOf(role: string): Promise<string> {
    const { stdout, stderr } = await run(["docker", "logs", `${prefix}-${role}`]);
    return stdout + stderr;
  }

  /** Lines of the registry's log but for the questions of the proxy's health check. */
  async function seenByRegistry(): Promise<string[]> {
    const lines = (await logOf("registry")).split("\n");
    return lines.filter((line) => /HTTP\/1\.[01]"/.test(line) && !line.includes('"GET / HTTP'));
  }
});
