import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { output, until } from "../../../tools/shell";
import { type InfraStack, infraStack, proxyImage } from "../../../tools/temporaryStack";
import { issuedByIntermediate } from "../../support/certificates";

const port = 18459;
const v2Image = "localhost/private-registry-test/registry:2";
const registry = "private-registry-variants-main-registry";
const proxy = "private-registry-variants-main-proxy";

describe("a version 2 registry with an own certificate, a host path, limits and a time zone", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-variants-"));
  const data = join(folder, "data");
  const chain = issuedByIntermediate("*.registry.test");
  const config = {
    hostnames: ["team.registry.test"],
    port,
    bindAddress: "127.0.0.1",
    users: [{ name: "ci" }],
    "password-ci": "a password",
    ownCertificate: { certificatePem: chain.certificatePem, caCertificatePem: chain.rootPem },
    ownPrivateKeyPem: chain.privateKeyPem,
    storage: { hostPath: data },
    registry: { dialect: "v2", logLevel: "info" },
    registryImage: v2Image,
    registryResources: { memoryMib: 256, cpus: 2 },
    proxyResources: { cpus: 0.5 },
    timeZone: "Asia/Shanghai",
  };
  let stack: InfraStack;

  before(async () => {
    await buildVersion2(folder);
    // An older registry ran as root: its first image, as far as ownership is concerned.
    await output(["mkdir", "-p", join(data, "docker/registry/v2/repositories")]);
    stack = await infraStack("variants", config);
  });

  after(async () => {
    await stack?.remove();
    rmSync(folder, { recursive: true, force: true });
    await output(["docker", "rmi", "-f", v2Image]);
  });

  it("says what to set when the images of an older registry belong to root", async () => {
    assert.match(await stack.failingUp(), /belong to user 0.*set storage\.takeOwnership to true/);
  });

  it("takes them over when told so, and a second preview is empty", async () => {
    stack.configure({ ...config, storage: { hostPath: data, takeOwnership: true } });
    await stack.up();
    assert.equal(statSync(join(data, "docker/registry/v2/repositories")).uid, 10001);
    await stack.expectNoChanges();
    await stack.stack.refresh();
    await stack.expectNoChanges();
  });

  it("serves the own certificate with its intermediate, and a push and pull work", async () => {
    const curl = [
      ...["curl", "-sS", "--cacert", join(folder, "root.pem"), "--user", "ci:a password"],
      ...["--resolve", `team.registry.test:${port}:127.0.0.1`],
    ];
    writeFileSync(join(folder, "root.pem"), chain.rootPem);
    const url = `https://team.registry.test:${port}/v2`;
    const started = await output([...curl, "-i", "-X", "POST", `${url}/team/app/blobs/uploads/`]);
    const location = /^location: (\S+)/im.exec(started)?.[1];
    const digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    const put = [...curl, "-X", "PUT", "--data-binary", "hello"];
    const status = ["-o", join(folder, "answer"), "-w", "%{http_code}"];
    const target = `https://team.registry.test:${port}${location}&digest=${encodeURIComponent(digest)}`;
    assert.equal(await output([...put, ...status, target]), "201");
    assert.equal(await output([...curl, `${url}/team/app/blobs/${digest}`]), "hello");
    assert.equal(await servedCertificates(chain.rootPem), 2, "leaf and intermediate, the root left out");
  });

  it("writes the time of the zone in the logs of both", async () => {
    for (const container of [registry, proxy]) {
      // The proxy writes its lines together, once a second.
      await until(`${container} has logged the time of Shanghai`, async () =>
        /\+08:?00/.test(await output(["sh", "-c", `docker logs ${container} 2>&1`])),
      );
    }
  });
});

/** The number of certificates that a client gets beside the root it has. */
function servedCertificates(ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, servername: "team.registry.test", ca }, () => {
      let count = 1;
      let certificate = socket.getPeerCertificate(true);
      while (certificate.issuerCertificate.subject.CN !== "test root") {
        certificate = certificate.issuerCertificate;
        count++;
      }
      socket.end();
      resolve(count);
    });
    socket.on("error", reject);
  });
}

/** Debian packages version 2.8 of the registry, wherever the base image comes from. */
async function buildVersion2(folder: string): Promise<void> {
  writeFileSync(
    join(folder, "Dockerfile"),
    `FROM ${proxyImage}
USER 0
RUN apt-get update && apt-get install -y --no-install-recommends docker-registry wget
ENTRYPOINT ["docker-registry"]
`,
  );
  const build = ["docker", "build", "--quiet", "--tag", v2Image, folder];
  await output(build, { env: { DOCKER_BUILDKIT: "0" } });
}
