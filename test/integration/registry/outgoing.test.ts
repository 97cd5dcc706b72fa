import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { type InfraStack, infraStack, registryImage } from "../../../tools/temporaryStack";
import { hostInBridge } from "../../support/hostInBridge";
import { type OutgoingProxy, startOutgoingProxy } from "../../support/outgoingProxy";
import { type Skopeo, skopeo } from "../../support/skopeo";
import { issue } from "../../support/x509";

const [port, upstreamPort, proxyPort] = [18491, 18492, 18493];
const upstream = "private-registry-test-upstream";
const password = "a%20password";

describe("a mirror of a private registry that only a proxy leads to", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-outgoing-"));
  const authority = issue({ commonName: "company root", isAuthority: true });
  let stack: InfraStack;
  let proxy: OutgoingProxy;
  let [source, mirror]: Skopeo[] = [];
  let gateway: string;

  const config = (outgoing: object) => ({
    hostnames: ["127.0.0.1"],
    port,
    bindAddress: "127.0.0.1",
    users: [{ name: "ci" }],
    "password-ci": "right",
    registryConfigOverrides: { proxy: { remoteurl: "https://upstream.test" } },
    outgoing,
  });

  /** As a stack file has it: the URL encrypted, as it holds a password. */
  async function configure(outgoing: object): Promise<void> {
    stack.configure(config(outgoing));
    const url = { value: `http://company:${password}@${gateway}:${proxyPort}`, secret: true };
    await stack.stack.setConfig("private-registry:settings.outgoing.proxy", url, true);
  }

  before(async () => {
    gateway = await hostInBridge();
    const server = issue({ commonName: "upstream", names: ["upstream.test", "127.0.0.1"] }, authority);
    const files = {
      "config.yml": `version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: ":5000", tls: {certificate: /u/crt, key: /u/key}}\n`,
      crt: server.certificatePem,
      key: server.privateKeyPem,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    chmodSync(folder, 0o755);
    await run(["docker", "rm", "-f", upstream]);
    const publish = [
      "-p",
      `127.0.0.1:${upstreamPort}:5000`,
      "-v",
      `${folder}:/u:ro`,
      "-e",
      "OTEL_TRACES_EXPORTER=none",
    ];
    await output([
      "docker",
      "run",
      "-d",
      "--name",
      upstream,
      ...publish,
      registryImage,
      "serve",
      "/u/config.yml",
    ]);
    source = skopeo(`127.0.0.1:${upstreamPort}`, authority.certificatePem, "nobody:nothing");
    await until(
      "the upstream answers",
      async () => (await run(["curl", "-sk", `https://127.0.0.1:${upstreamPort}/v2/`])).status === 0,
    );
    proxy = await startOutgoingProxy(gateway, proxyPort, "company:a password", upstreamPort);
    stack = await infraStack("outgoing", config({}));
  });

  after(async () => {
    source?.remove();
    mirror?.remove();
    await stack?.remove();
    proxy?.stop();
    await run(["docker", "rm", "-f", upstream]);
    rmSync(folder, { recursive: true, force: true });
  });

  it("passes images on by the proxy and trusts the upstream's authority, and no container shows the password", async () => {
    const digest = await source?.push("team/app:1", [100_000]);
    await configure({
      proxyExceptions: ["registry.example.com"],
      caCertificatesPem: authority.certificatePem,
    });
    const { caCertificate } = await stack.up();
    mirror = skopeo(`127.0.0.1:${port}`, String(caCertificate), "ci:right");
    assert.equal(await mirror.digest("team/app:1"), digest);
    assert.equal((await mirror.pull("team/app:1")).status, 0);
    assert.deepEqual([...new Set(proxy.asked)], ["upstream.test:443"]);
    const ids = await output(["docker", "ps", "-aq", "--filter", "label=private-registry.stack=outgoing"]);
    assert.ok(!(await output(["docker", "inspect", ...ids.split("\n")])).includes(password));
    await stack.expectNoChanges();
  });

  it("does not start without the authority: only what is named is trusted", async () => {
    await configure({});
    assert.match(await stack.failingUp(), /x509: certificate signed by unknown authority/);
    assert.equal((await mirror?.pull("team/app:1"))?.status, 0, "what runs was left alone");
  });
});
