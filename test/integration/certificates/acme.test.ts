import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { until } from "../../../tools/shell";
import {
  acmeImage,
  type InfraStack,
  infraStack,
  keeperImage,
  proxyImage,
  registryImage,
  wafImage,
} from "../../../tools/temporaryStack";
import { type AcmeServer, startAcmeServer } from "../../support/acmeServer";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";
import { underLoad } from "../../support/load";
import { type Skopeo, skopeo } from "../../support/skopeo";
import { statusOf } from "../../support/statusOf";

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
    for (const image of [registryImage, proxyImage, wafImage, acmeImage, keeperImage])
      await machine.loadImage(image);
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
    return new Promise((done, reject) => {
      const options = { host: machine.address, port, servername: name, ca: server.rootPem };
      const socket = connect(options, () => {
        const { raw, issuerCertificate } = socket.getPeerCertificate(true);
        done({ leaf: new X509Certificate(raw), issuer: new X509Certificate(issuerCertificate.raw) });
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
    await underLoad(test, load(), async () => {
      await anotherThan(await anotherThan(first));
    });
    assert.equal(await identity(), before);
    await stack.expectNoChanges();
  });

  it("takes up the next renewal after the proxy was stopped and started, and after a restart of Docker", async (test) => {
    const daemon = () => must("cat", "/run/docker.pid");
    for (const [what, disturb] of [
      [
        "stop and start",
        async () => must("docker", "stop", proxy).then(() => must("docker", "start", proxy)),
      ],
      [
        "another daemon",
        async () => {
          const old = await daemon();
          await must("kill", "-TERM", old);
          await until("another daemon answers", async () => {
            const next = await machine.exec(["cat", "/run/docker.pid"]);
            const answers = await machine.exec(["docker", "info"]);
            return next.status === 0 && next.stdout.trim() !== old && answers.status === 0;
          });
        },
      ],
    ] as const) {
      await disturb();
      await until(
        `a certificate is served after ${what}`,
        async () => (await serial().catch(() => "")) !== "",
      );
      const before = await identity();
      await underLoad(test, load(), async () => {
        const old = await serial();
        await must("docker", "kill", "--signal", "HUP", renewer);
        await anotherThan(old);
      });
      assert.equal(await identity(), before, what);
    }
  });

  it("goes on serving the old certificate while the ACME server refuses, and says so", async () => {
    await until("the renewer is healthy", async () => (await health()) === "healthy");
    await server.resolveTo(machine.hostAddress);
    const old = await serial();
    assert.match(
      (await status()).stdout,
      /^certificate of main: ends 20.* left, as declared\nrenewer of main: the certificate is good until 20/m,
    );
    await until("the renewer is unhealthy", async () => (await health()) === "unhealthy", validitySeconds);
    assert.equal(await serial(), old);
    const { status: code, stdout, stderr } = await status();
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^renewer of main: 20.* UTC: .*urn:ietf:params:acme:error:connection.*; next attempt at 20/m,
    );
    assert.match(stderr, /Not well: private-registry-acme-main-acme\./);

    await server.resolveTo(machine.address);
    await must("docker", "kill", "--signal", "HUP", renewer);
    await anotherThan(old);
    await until("the renewer is healthy", async () => (await health()) === "healthy");
    assert.equal((await status()).status, 0);
  });

  it("serves the last good certificate if a bad one is in the volume, also after a restart", async () => {
    const certificates = await volume("acme-certificates");
    const [good, before] = [await serial(), await identity()];
    const bad = `${certificates}/29991231T235959Z`;
    await must("cp", "-a", `${certificates}/current/.`, bad);
    await must("openssl", "ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", `${bad}/key.pem`);
    await must("chown", "10001", `${bad}/key.pem`);
    await must("ln", "-sfn", "29991231T235959Z", `${certificates}/current`);
    await until("nginx has refused it", async () =>
      /refuses the certificate 29991231T235959Z/.test((await machine.exec(["docker", "logs", proxy])).stderr),
    );
    assert.equal(await serial(), good);
    assert.equal(await identity(), before);
    await must("docker", "restart", proxy);
    await until("a certificate is served", async () => (await serial().catch(() => "")) !== "");
    assert.equal(await serial(), good);
    await must("rm", "-r", bad);
  });

  it("asks for another certificate for other names, with the same account, and takes other changes with it", async () => {
    const file = await volume("acme-account", "accounts", "*", "*", "account.json");
    const account = await must("sh", "-c", `cat ${file}`);
    stack.configure({ ...config, extraSans: ["images.example.test"], realm: "Another realm" });
    await stack.up();
    const { leaf } = await served();
    assert.equal(leaf.checkHost("images.example.test"), "images.example.test");
    assert.equal(await must("sh", "-c", `cat ${file}`), account);
    assert.match(await must("curl", "-skI", `https://${machine.address}/v2/`), /realm="Another realm"/);
    await stack.expectNoChanges();
  });

  it("renews behind the firewall too", async () => {
    stack.configure({ ...config, front: "waf" });
    await stack.up();
    const [old, before] = [await serial(), await identity()];
    await must("docker", "kill", "--signal", "HUP", renewer);
    await anotherThan(old);
    assert.equal(await identity(), before);
    assert.equal((await images.pull("team/app:1")).status, 0);
    const attack = ["-sko", "/dev/null", "-w", "%{http_code}", "-H", "User-Agent: sqlmap/1.7"];
    assert.equal(await must("curl", ...attack, `https://${machine.address}/v2/`), "403");
    await stack.expectNoChanges();
  });

  it("leaves nothing but the images behind", async () => {
    await stack.stack.destroy();
    assert.equal(await must("docker", "ps", "--all", "--quiet"), "");
    assert.equal(await must("docker", "volume", "ls", "--quiet"), `${prefix}-data`);
  });

  /** `npm run status` for this stack, from outside its Docker host. */
  const status = () => statusOf(stack, "acme", { DOCKER_HOST: machine.dockerHost });

  /** A path on the Docker host inside one of the stack's volumes. */
  async function volume(role: string, ...path: string[]): Promise<string> {
    const folder = await must("docker", "volume", "inspect", "-f", "{{.Mountpoint}}", `${prefix}-${role}`);
    return [folder, ...path].join("/");
  }

  /** What clients do meanwhile. */
  function load() {
    const target = { host: machine.address, name, port, ca: server.rootPem, user };
    return { puller: images, image: "team/app:1", target };
  }
});
