import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it, type TestContext } from "node:test";
import { connect } from "node:tls";
import { type AcmeServer, startAcmeServer } from "../support/acmeServer";
import { type ConsumerMachine, createConsumerMachine } from "../support/consumerMachine";
import { connectionProber, keepAliveProber, pullLoop } from "../support/probers";
import { until } from "../support/shell";
import { type Skopeo, skopeo } from "../support/skopeo";
import { acmeImage, type InfraStack, infraStack, proxyImage, registryImage } from "../support/stack";

const name = "registry.example.test";
const port = 443;
const prefix = "private-registry-acme-main";
const [proxy, renewer] = [`${prefix}-proxy`, `${prefix}-acme`];
/** A certificate is due after half of its life. */
const validitySeconds = 90;

describe("a registry with a certificate of an ACME server", () => {
  let machine: ConsumerMachine;
  let server: AcmeServer;
  let stack: InfraStack;
  let config: { [key: string]: unknown };
  let user: string;
  let images: Skopeo;

  before(async () => {
    machine = await createConsumerMachine("acme", "");
    for (const image of [registryImage, proxyImage, acmeImage]) await machine.loadImage(image);
    server = await startAcmeServer({
      address: machine.hostAddress,
      firstPort: 18550,
      // Nobody listens there on port 80.
      resolvesTo: machine.hostAddress,
      validitySeconds,
    });
    const { directoryUrl, directoryCaPem, rootPem } = server;
    config = {
      hostnames: [name],
      dockerHost: machine.dockerHost,
      bindAddress: machine.address,
      certificateSource: "acme",
      acme: { email: "admin@example.com", directoryUrl, directoryCaPem, rootCaPem: rootPem },
    };
    stack = await infraStack("acme", config);
  });

  after(async () => {
    images?.remove();
    await machine?.destroy();
    server?.stop();
    stack?.forget();
  });

  async function must(...command: string[]): Promise<string> {
    const result = await machine.exec(command);
    assert.equal(result.status, 0, `${command.join(" ")}: ${result.stderr}`);
    return result.stdout.trim();
  }
  const identity = () =>
    must("docker", "inspect", "-f", "{{.Id}} {{.State.StartedAt}} {{.RestartCount}}", proxy);
  const health = () => must("docker", "inspect", "-f", "{{.State.Health.Status}}", renewer);

  /** Leaf and intermediate as served, verified against the ACME server's root. */
  function served(): Promise<{ leaf: X509Certificate; issuer: X509Certificate }> {
    return new Promise((resolve, reject) => {
      const options = { host: machine.address, port, servername: name, ca: server.rootPem };
      const socket = connect(options, () => {
        const { raw, issuerCertificate } = socket.getPeerCertificate(true);
        resolve({ leaf: new X509Certificate(raw), issuer: new X509Certificate(issuerCertificate.raw) });
        socket.end();
      });
      socket.on("error", reject);
    });
  }
  const serial = async () => (await served()).leaf.serialNumber;

  async function anotherThan(old: string): Promise<string> {
    let now = old;
    await until(
      "another certificate is served",
      async () => {
        now = await serial().catch(() => old);
        return now !== old;
      },
      validitySeconds,
    );
    return now;
  }

  it("fails the up with the server's own message when no challenge reaches it, and succeeds once mended", async () => {
    const error = await stack.failingUp();
    assert.match(error, /urn:ietf:params:acme:error:connection/);
    assert.match(error, /must reach each of registry\.example\.test on port 80/);
    assert.equal((await machine.exec(["docker", "inspect", proxy])).status, 1, "nothing serves yet");

    await server.resolveTo(machine.address);
    const failed = /'(urn:pulumi:\S+main-acme-issue)'/.exec(error)?.[1] ?? "";
    const { outputs } = await stack.stack.up({ replace: [failed] });
    assert.equal(outputs.caCertificate?.value, server.rootPem);
    assert.deepEqual(
      [outputs.certificateExpiresAt?.value, outputs.certificateDaysLeft?.value],
      ["", undefined],
    );
    user = `admin:${outputs.credentials?.value.admin}`;
    images = skopeo(name, server.rootPem, user, `${machine.address} ${name}\n`);
    await images.push("team/app:1", [2_000_000, 2_000_000]);
    await stack.expectNoChanges();
  });

  it("serves leaf and intermediate", async () => {
    const { leaf, issuer } = await served();
    assert.equal(leaf.checkHost(name), name);
    assert.ok(issuer.verify(new X509Certificate(server.rootPem).publicKey));
    await until("the renewer is healthy", async () => (await health()) === "healthy");
  });

  it("serves two renewals without a restart and without a failed pull", async (test) => {
    const before = await identity();
    const first = await serial();
    await underLoad(test, async () => {
      await anotherThan(await anotherThan(first));
    });
    assert.equal(await identity(), before);
    await stack.expectNoChanges();
  });

  /** Does something under the three kinds of load; none may see a failure. */
  async function underLoad(test: TestContext, change: () => Promise<void>): Promise<void> {
    const target = { host: machine.address, name, port, ca: server.rootPem, user };
    const probers = {
      "client pulls": pullLoop(images, "team/app:1"),
      "new connections": connectionProber(target),
      "kept connection": keepAliveProber(target),
    };
    let failed: unknown;
    await change().catch((error) => {
      failed = error;
    });
    for (const [kind, prober] of Object.entries(probers)) {
      const { requests, failures } = await prober.stop();
      test.diagnostic(`${kind}: ${requests} made, ${failures.length} failed`);
      assert.deepEqual(failures, [], kind);
      assert.ok(requests > 0, `${kind}: none was made`);
    }
    if (failed) throw failed;
  }
});
