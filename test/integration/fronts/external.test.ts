import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { output, until } from "../../../tools/shell";
import { type InfraStack, infraStack, proxyImage, registryImage } from "../../../tools/temporaryStack";
import { issuedByIntermediate } from "../../support/certificates";
import { chunkedPush } from "../../support/chunkedPush";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";
import {
  type LoadBalancer,
  nginxConf,
  safeLineSite,
  startLoadBalancer,
  usualHaproxy,
  writeOn,
} from "../../support/loadBalancers";
import { buildImage } from "../../support/randomImage";
import { roundTrip } from "../../support/roundTrip";

const image = "localhost/private-registry-test/external:1";
const port = 18614;
const url = "https://registry.test";
const chain = issuedByIntermediate("registry.test");
const ownFiles = { "registry.crt": chain.certificatePem, "registry.key": chain.privateKeyPem };
const authorityFile = "private-registry-upstream-ca.crt";

describe("a registry behind somebody else's load balancer", () => {
  let machine: ConsumerMachine;
  let stack: InfraStack;
  let outputs: Record<string, unknown>;
  let snippets: Record<string, string>;
  let curl: string[];

  const config = (change: { readonly [key: string]: unknown } = {}) => ({
    hostnames: ["registry.test"],
    port,
    bindAddress: machine.hostAddress,
    users: [{ name: "ci" }],
    front: "external",
    external: { trustedAddresses: [machine.address], caCertificatePem: chain.rootPem },
    ...change,
  });
  const up = async (change: { readonly [key: string]: unknown } = {}) => {
    stack.configure(config(change));
    outputs = await stack.up();
    snippets = outputs.frontSnippets as Record<string, string>;
  };

  before(async () => {
    machine = await createConsumerMachine("external");
    await buildImage(image);
    for (const needed of [image, proxyImage]) await machine.loadImage(needed);
    await machine.pointNames(["registry.test"], machine.address);
    await writeOn(machine, "/tmp/root.crt", chain.rootPem);
    stack = await infraStack("external", config());
    await up();
    const password = (outputs.credentials as Record<string, string>).ci;
    curl = ["--cacert", "/tmp/root.crt", "--user", `ci:${password}`];
  });

  after(async () => {
    await machine?.destroy();
    await stack?.remove();
    await output(["docker", "rmi", "-f", image]);
  });

  const start = (front: LoadBalancer) => startLoadBalancer(machine, front, proxyImage);
  const upstream = (scheme = "https") => ({ scheme, address: `${machine.hostAddress}:${port}` });
  const safeLine = (custom: string, site = {}): LoadBalancer => ({
    kind: "nginx",
    files: {
      ...ownFiles,
      "nginx.conf": safeLineSite({ upstream: upstream(), ...site }),
      "custom_params/backend_1": custom,
      [`custom_params/${authorityFile}`]: snippets.upstreamCaCertificate ?? "",
    },
  });

  /** Each with its snippet alone, as it is in the output. */
  const fronts: { readonly [name: string]: () => LoadBalancer } = {
    SafeLine: () => safeLine(snippets.safeline ?? ""),
    nginx: () => ({
      kind: "nginx",
      files: {
        ...ownFiles,
        "nginx.conf": nginxConf(snippets.nginx ?? ""),
        [authorityFile]: snippets.upstreamCaCertificate ?? "",
      },
    }),
    HAProxy: () => ({
      kind: "haproxy",
      files: {
        "registry.pem": chain.certificatePem + chain.privateKeyPem,
        "haproxy.cfg": snippets.haproxy ?? "",
        [authorityFile]: snippets.upstreamCaCertificate ?? "",
      },
    }),
  };

  for (const [name, front] of Object.entries(fronts)) {
    it(`serves a client from the first login to --remove through ${name} with its snippet, and a chunked upload`, async () => {
      await start(front());
      await roundTrip({
        machine,
        outputs,
        image,
        repository: `team/${name.toLowerCase()}:1`,
        earlier: {},
        strange: /x509: certificate signed by unknown authority/,
      });
      await chunkedPush(machine, url, curl);
    });
  }

  /** How a push of new layers from the machine ends, and what it says. */
  const push = async (repository: string) => {
    await buildImage(`registry.test/${repository}`, machine.dockerHost);
    const { status, stdout, stderr } = await machine.exec(["docker", "push", `registry.test/${repository}`]);
    return { status, text: stdout + stderr };
  };

  it("takes pushes through SafeLine as it is without the snippet, whatever else is set there", async () => {
    const unlimited = { http: "client_max_body_size 0;" };
    await start(safeLine("", unlimited));
    assert.equal((await machine.exec(["sh", "-s"], { input: String(outputs.installScript) })).status, 0);
    const sites: { readonly [name: string]: LoadBalancer } = {
      "as documented": safeLine("", unlimited),
      "the name without its port": safeLine("", { ...unlimited, host: "$host" }),
      "another scheme told": safeLine("proxy_set_header X-Forwarded-Host evil.example;", unlimited),
      "the line of many guides": safeLine("proxy_redirect http:// https://;", unlimited),
    };
    for (const [name, site] of Object.entries(sites)) {
      await start(site);
      const { status, text } = await push("team/without:1");
      assert.equal(status, 0, `${name}: ${text}`);
      await chunkedPush(machine, url, curl);
    }
  });

  it("takes pushes through a usual HAProxy without the snippet", async () => {
    await start({
      kind: "haproxy",
      files: {
        "registry.pem": chain.certificatePem + chain.privateKeyPem,
        "haproxy.cfg": usualHaproxy(upstream().address),
      },
    });
    const { status, text } = await push("team/haproxy:2");
    assert.equal(status, 0, text);
    await chunkedPush(machine, url, curl);
  });

  it("is limited in size by nginx without the snippet, which says so, and never by an unknown blob", async () => {
    await start(safeLine(""));
    const { status, text } = await push("team/limited:1");
    assert.notEqual(status, 0);
    assert.match(text, /413|Request Entity Too Large/);
    assert.doesNotMatch(text, /unknown blob|blob unknown/);
  });

  it("is where a plain registry would answer with an unknown blob: our test provokes it", async () => {
    await machine.loadImage(registryImage);
    await writeOn(machine, "/tmp/registry/config.yml", plainRegistry);
    const plain = await machine.exec([
      ...["docker", "run", "-d", "--network", "host", "--volume", "/tmp/registry:/plain"],
      ...["--env", "OTEL_TRACES_EXPORTER=none", registryImage, "serve", "/plain/config.yml"],
    ]);
    assert.equal(plain.status, 0, plain.stderr);
    const site = {
      http: "client_max_body_size 0;",
      upstream: { scheme: "http", address: "127.0.0.1:5000" },
    };
    await start(safeLine("", site));
    const { status, text } = await push("team/plain:1");
    assert.notEqual(status, 0);
    assert.match(text, /unknown blob|blob unknown/);
    await start(safeLine("proxy_redirect http:// https://;", site));
    assert.equal((await push("team/plain:1")).status, 0, "the remedy of the guides");
  });

  it("takes what a client claims about itself from the load balancer alone", async () => {
    await start(fronts.nginx?.() ?? safeLine(""));
    const there = "203.0.113.77";
    await machine.exec(["ip", "addr", "add", `${there}/32`, "dev", "lo"]);
    const from = ["curl", "-sS", "--interface", there, "-H", "X-Forwarded-For: 192.0.2.1", ...curl];
    assert.equal((await machine.exec([...from, `${url}/v2/`])).stdout, "{}");
    const log = () => output(["docker", "logs", "private-registry-external-main-proxy"]);
    await until("the client is in the log", async () => (await log()).includes(`${there} ci [`));
    assert.doesNotMatch(await log(), /192\.0\.2\.1 ci/);

    const straight = ["curl", "-ksS", "-u", curl[3] ?? "", "-H", `X-Forwarded-For: ${machine.address}`];
    const behind = `https://${machine.hostAddress}:${port}/v2/`;
    const refused = await output([...straight, behind]);
    assert.equal(JSON.parse(refused).errors[0].code, "DENIED");
    const isOfHost = async () => (await log()).includes(`${machine.hostAddress} ci [`);
    await until("programs of this host come from its address", isOfHost);
    const insecure = await machine.exec([...straight, "-H", "X-Forwarded-Proto: http", behind]);
    assert.match(insecure.stdout, /plain HTTP at the load balancer/);
  });

  it("counts clients apart that the load balancer names, and the addresses of an IPv6 network together", async () => {
    await up({ limits: { requestsPerSecond: 1, requestBurst: 1 } });
    const ask = async (addresses: readonly string[]) => {
      const each = addresses.flatMap((address, index) => [
        ...(index === 0 ? [] : ["--next"]),
        ...["-ksS", "-u", curl[3] ?? "", "-o", "/dev/null", "-w", "%{http_code}\n"],
        ...["-H", `X-Forwarded-For: ${address}`, `https://${machine.hostAddress}:${port}/v2/`],
      ]);
      const { stdout } = await machine.exec(["curl", "--parallel", ...each]);
      return stdout
        .trim()
        .split("\n")
        .filter((status) => status === "200").length;
    };
    const each = (prefix: string) => Array.from({ length: 10 }, (_, n) => `${prefix}${n + 1}`);
    assert.equal(await ask(each("192.0.2.")), 10);
    assert.equal(await ask(each("2001:db8:0:").map((network) => `${network}::1`)), 10);
    const together = await ask(each("2001:db8:99:1::"));
    assert.ok(together >= 2 && together <= 4, `${together}`);
  });

  it("serves without encryption between the two, if told so, and tells the load balancer", async () => {
    const external = { trustedAddresses: [machine.address], caCertificatePem: chain.rootPem };
    await up({ external: { ...external, encrypted: false } });
    assert.equal(snippets.upstreamCaCertificate, undefined);
    await start(safeLine(snippets.safeline ?? "", { upstream: upstream("http") }));
    await machine.exec(["sh", "-s"], { input: String(outputs.installScript) });
    const { status, text } = await push("team/unencrypted:1");
    assert.equal(status, 0, text);
    await stack.expectNoChanges();
  });

  it("has every image when nginx alone is in front again", async () => {
    await up({ front: "nginx", external: undefined });
    const resolve = ["--resolve", `registry.test:${port}:${machine.hostAddress}`, "-u", curl[3] ?? ""];
    for (const repository of ["safeline", "nginx", "haproxy", "without", "unencrypted"]) {
      const list = `https://registry.test:${port}/v2/team/${repository}/tags/list`;
      assert.match(await output(["curl", "-ksS", ...resolve, list]), /"tags":\["[12]"/);
    }
  });
});

/** As in many guides: it knows neither its scheme nor that it could answer with relative addresses. */
const plainRegistry = `version: 0.1
storage: { filesystem: { rootdirectory: /tmp/plain } }
http: { addr: "127.0.0.1:5000" }
`;
