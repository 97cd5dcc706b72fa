import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { dataPath } from "../../../components/docker/paths";
import { output, until } from "../../../tools/shell";
import { type InfraStack, identityOf, infraStack, wafImage } from "../../../tools/temporaryStack";
import { type ClientSpace, clientSpace } from "../../support/clientSpace";
import { type CurlRequest, curlFrom, medianSeconds, statuses } from "../../support/curl";
import { type Skopeo, skopeo } from "../../support/skopeo";

const accept = ["-H", "Accept: application/vnd.oci.image.manifest.v1+json"];
const port = 18610;
const proxy = "private-registry-limits-main-proxy";

describe("the limits of one client", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-limits-"));
  const caFile = join(folder, "ca.crt");
  let noisy: ClientSpace;
  let quiet: ClientSpace;
  let stack: InfraStack;
  let config: { readonly [key: string]: unknown };
  let url: string;
  let user: string;
  let blob: string;
  let client: Skopeo;

  before(async () => {
    noisy = await clientSpace("limits-noisy");
    quiet = await clientSpace("limits-quiet");
    config = { hostnames: [noisy.hostAddress], port, bindAddress: noisy.hostAddress };
    url = `https://${noisy.hostAddress}:${port}/v2`;
    stack = await infraStack("limits", config);
    const outputs = await stack.up();
    writeFileSync(caFile, String(outputs.caCertificate));
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    client = skopeo(`${noisy.hostAddress}:${port}`, String(outputs.caCertificate), user);
    await client.push("team/app:1", [4_000_000]);
    const manifest = await noisy.run([
      "curl",
      "-sS",
      "--cacert",
      caFile,
      "-u",
      user,
      ...accept,
      `${url}/team/app/manifests/1`,
    ]);
    blob = `${url}/team/app/blobs/${JSON.parse(manifest.stdout).layers[0].digest}`;
  });

  after(async () => {
    client?.remove();
    await stack?.remove();
    await noisy?.remove();
    await quiet?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const limit = async (limits: { readonly [key: string]: unknown }) => {
    stack.configure({ ...config, limits });
    await stack.up();
  };
  const ask = (space: ClientSpace, count: number, request: Partial<CurlRequest> = {}) =>
    curlFrom(space, caFile, Array(count).fill({ url: `${url}/`, user, ...request }), count);
  /** Pulls a layer again and again, one after the other. */
  const pull = (count: number) => curlFrom(quiet, caFile, Array(count).fill({ url: blob, user }));

  it("see the addresses of the clients, so that they are counted apart", async () => {
    await ask(noisy, 1);
    await ask(quiet, 1);
    const seen = async () => {
      const log = await output(["docker", "logs", proxy]);
      return [noisy, quiet].every(({ address }) => log.includes(`${address} admin [`));
    };
    await until("both addresses are in the log of the proxy", seen);
  });

  it("let no more than a few of 1,000 wrong passwords be tried, while others pull at their usual speed", async (test) => {
    const calm = await pull(40);
    const guesses = Array.from({ length: 1000 }, (_, n) => ({ url: `${url}/`, user: `admin:guess-${n}` }));
    const start = performance.now();
    let flooding = true;
    const flood = curlFrom(noisy, caFile, guesses, 200).finally(() => {
      flooding = false;
    });
    const during = [];
    while (flooding) during.push(...(await pull(10)));
    const answers = await flood;
    const seconds = (performance.now() - start) / 1000;
    const count = statuses(answers);
    const [before, under] = [medianSeconds(calm), medianSeconds(during)];
    test.diagnostic(
      `1,000 guesses in ${seconds.toFixed(1)} s: ${JSON.stringify(count)}; ` +
        `${during.length} pulls meanwhile, ${(under * 1000).toFixed(0)} ms each, ${(before * 1000).toFixed(0)} ms before`,
    );
    assert.equal((count[401] ?? 0) + (count[429] ?? 0), 1000);
    assert.ok((count[401] ?? 0) <= 51 + 5 * seconds, "five a second, and the fifty that may wait");
    assert.ok(answers.every(({ status, retryAfter }) => status === 401 || retryAfter === "5"));
    assert.ok(during.length > 20);
    assert.deepEqual(statuses([...calm, ...during]), { 200: calm.length + during.length });
    // Both share the processors of this machine with the flood itself.
    assert.ok(under < 4 * before + 0.05, `${under} s against ${before} s`);
  });

  it("refuse an address that is not allowed before all else, and let it in with the next up", async () => {
    const container = await identityOf(proxy);
    await limit({ allowedAddresses: [`${quiet.address}/32`, "2001:db8::/32"] });
    assert.deepEqual(statuses(await ask(quiet, 5)), { 200: 5 });
    for (const path of ["/v2/", "/v2//", "/", "/v2/?x=1"]) {
      const refused = await noisy.run(["curl", "-sS", "--cacert", caFile, new URL(path, url).href]);
      assert.equal(JSON.parse(refused.stdout).errors[0].code, "DENIED", path);
    }
    assert.deepEqual(statuses(await ask(noisy, 5)), { 403: 5 });
    await limit({ allowedAddresses: ["203.0.113.0/24"] });
    assert.deepEqual(statuses(await ask(noisy, 5)), { 200: 5 });
    assert.equal(await identityOf(proxy), container, "the proxy runs on");
    await stack.expectNoChanges();
  });

  it("slow a client down to its rate, refuse what is beyond, and leave others alone", async (test) => {
    await limit({ requestsPerSecond: 10, requestBurst: 20 });
    const start = performance.now();
    const [flood, others] = await Promise.all([ask(noisy, 100), pull(5)]);
    const seconds = (performance.now() - start) / 1000;
    const count = statuses(flood);
    test.diagnostic(`100 requests at once in ${seconds.toFixed(1)} s: ${JSON.stringify(count)}`);
    assert.equal((count[200] ?? 0) + (count[429] ?? 0), 100);
    assert.ok((count[200] ?? 0) >= 21 && (count[200] ?? 0) <= 21 + 10 * seconds);
    assert.ok(flood.every(({ status, retryAfter }) => status === 200 || retryAfter === "2"));
    assert.deepEqual(statuses(others), { 200: 5 });
    const same = ["curl", "-sS", "--parallel", "--cacert", caFile, "-u", user];
    const body = await noisy.run([...same, ...Array(60).fill(`${url}/`)]);
    assert.match(body.stdout, /"code":"TOOMANYREQUESTS"/);
  });

  it("let a client through that asks one thing after the other, only slower", async () => {
    const start = performance.now();
    const answers = await curlFrom(noisy, caFile, Array(40).fill({ url: `${url}/`, user }));
    assert.deepEqual(statuses(answers), { 200: 40 });
    assert.ok(performance.now() - start > 1500, "ten a second");
    for (let pull = 0; pull < 3; pull++) {
      const copy = await noisy.run([
        ...["skopeo", "copy", "--quiet", "--src-cert-dir", folder, "--src-creds", user],
        ...[`docker://${noisy.hostAddress}:${port}/team/app:1`, `dir:${join(folder, `pull-${pull}`)}`],
      ]);
      assert.equal(copy.status, 0, copy.stderr);
    }
  });

  it("bound what a client asks at the same time", async () => {
    await limit({ connectionsPerAddress: 2 });
    // The kernel takes a whole layer at once, and the request is over: an upload lasts until its body ends.
    const enough = join(folder, "enough");
    const upload = `curl -sS -o /dev/null -w '%{http_code}' --cacert ${caFile} -u ${user} -T - -X POST`;
    const body = `while ! [ -e ${enough} ]; do sleep 0.1; done`;
    const hold = () => noisy.run(["sh", "-c", `(${body}) | ${upload} ${url}/team/app/blobs/uploads/`]);
    // Who asked whether the places are taken would take one: the registry has a folder of each upload.
    const uploads = `${dataPath}/docker/registry/v2/repositories/team/app/_uploads`;
    const begun = async () =>
      (await output(["docker", "exec", proxy, "sh", "-c", `ls ${uploads} | wc -l`])).trim();
    assert.equal(await begun(), "0");
    const held = [hold(), hold()];
    try {
      await until("both places are taken", async () => (await begun()) === "2");
      assert.deepEqual(statuses(await ask(noisy, 4)), { 429: 4 });
      assert.deepEqual(statuses(await pull(5)), { 200: 5 });
    } finally {
      writeFileSync(enough, "");
    }
    assert.deepEqual(
      (await Promise.all(held)).map(({ stdout }) => stdout),
      ["202", "202"],
    );
    await until("the places are free again", async () => statuses(await ask(noisy, 1))[200] === 1);
  });

  it("let fewer logins be tried if told so", async () => {
    await limit({ loginsPerSecond: 1, loginBurst: 2 });
    // What the other one tried above would be counted still: nginx forgets it at the new rate.
    await expectFewChecked(quiet, 30);
  });

  it("never keep the proxy's own health from being seen", async () => {
    await limit({ allowedAddresses: ["192.0.2.99"], requestsPerSecond: 1, requestBurst: 1 });
    const health = () => output(["docker", "inspect", "-f", "{{.State.Health.Status}}", proxy]);
    const inProxy = ["docker", "exec", proxy, "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} "];
    const answers = await output([...inProxy, ...Array(20).fill("http://127.0.0.1:8081/healthz")]);
    assert.equal(answers, Array(20).fill("200").join(" "));
    assert.equal(await health(), "healthy");
  });

  it("hold with the web application firewall too", async () => {
    const limits = {
      allowedAddresses: [noisy.address],
      requestsPerSecond: 5,
      loginsPerSecond: 1,
      loginBurst: 2,
    };
    stack.configure({ ...config, front: "waf", proxyImage: wafImage, limits });
    await stack.up();
    const attack = { url: `${url}/_catalog?last=1%27%20OR%20%271%27=%271` };
    assert.deepEqual(statuses(await ask(quiet, 3, attack)), { 403: 3 });
    const refused = await quiet.run(["curl", "-sS", "--cacert", caFile, attack.url]);
    assert.match(
      refused.stdout,
      /the address [\d.]+ may not use the registry/,
      "before anything is inspected",
    );
    await expectFewChecked(noisy, 20);
    const count = statuses(await ask(noisy, 100));
    assert.ok((count[200] ?? 0) >= 10 && (count[429] ?? 0) >= 10, JSON.stringify(count));
  });

  /** Tries wrong passwords where one a second is checked, and two may wait. */
  async function expectFewChecked(space: ClientSpace, count: number): Promise<void> {
    const guesses = Array.from({ length: count }, () => ({ url: `${url}/`, user: `admin:${randomUUID()}` }));
    const start = performance.now();
    const checked = statuses(await curlFrom(space, caFile, guesses, count))[401] ?? 0;
    const seconds = (performance.now() - start) / 1000;
    assert.ok(checked >= 3 && checked <= 4 + seconds, `${checked} of ${count} in ${seconds} s`);
  }
});
