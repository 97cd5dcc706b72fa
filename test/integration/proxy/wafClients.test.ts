import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Cgroups, peakOf } from "../../../bench/host/cgroups";
import { output, run } from "../../../tools/shell";
import { type InfraStack, infraStack, wafImage } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";

const port = 18591;
const proxy = "private-registry-waf-clients-main-proxy";

/** How each client pushes and pulls; `$1` is the reference. */
const clients: { readonly [name: string]: string } = {
  docker: 'docker tag localhost/tiny:1 "$1" && docker push "$1" && docker rmi "$1" && docker pull "$1"',
  podman: 'podman push localhost/tiny:1 "docker://$1" && podman pull "$1"',
  buildah: 'buildah push localhost/tiny:1 "docker://$1" && buildah pull "$1"',
  skopeo:
    'skopeo copy docker-archive:/tmp/tiny.tar "docker://$1" && skopeo copy "docker://$1" dir:/tmp/pulled',
};

describe("a client of a registry behind the web application firewall", () => {
  let machine: ConsumerMachine;
  let stack: InfraStack;
  let endpoint: string;
  let ca: string;
  let user: string;

  before(async () => {
    machine = await createConsumerMachine("waf");
    stack = await infraStack("waf-clients", {
      hostnames: [machine.hostAddress],
      port,
      bindAddress: machine.hostAddress,
      front: "waf",
      proxyImage: wafImage,
    });
    const outputs = await stack.up();
    endpoint = String(outputs.endpoint);
    ca = String(outputs.caCertificate);
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    const installed = await machine.exec(["sh", "-s"], { input: String(outputs.installScript) });
    assert.equal(installed.status, 0, installed.stdout + installed.stderr);
    await must(`
      head -c 3000000 /dev/urandom >/tmp/data
      tar -C /tmp -cf - data | docker import - localhost/tiny:1
      docker save --output /tmp/tiny.tar localhost/tiny:1
      podman load --input /tmp/tiny.tar`);
  });

  after(async () => {
    await machine?.destroy();
    await stack?.remove();
  });

  async function must(text: string, ...args: string[]): Promise<string> {
    const command = ["sh", "-euc", text, "sh", ...args];
    const { status, stdout, stderr } = await machine.exec(command, { env: { STORAGE_DRIVER: "vfs" } });
    assert.equal(status, 0, `${text}: ${stdout}${stderr}`);
    return stdout;
  }

  for (const [name, commands] of Object.entries(clients)) {
    it(`${name} pushes and pulls, into a deep repository and with a tag that looks like a file`, async () => {
      await must(commands, `${endpoint}/team/${name}/deep/a.b_c/x--y/app:1.0.bak`);
    });
  }

  it("skopeo copies an artifact of unusual media types there and back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "private-registry-artifact-"));
    const digest = writeArtifact(folder);
    await output(["tar", "-C", folder, "-cf", join(folder, "artifact.tar"), "layout"]);
    await machine.copyIn(join(folder, "artifact.tar"));
    rmSync(folder, { recursive: true });
    const there = `docker://${endpoint}/models/artifact:x.config`;
    await must(`tar -C /tmp -xf /tmp/artifact.tar && skopeo copy oci:/tmp/layout:1 "$1"`, there);
    assert.match(
      await must('skopeo copy "$1" oci:/tmp/back:1 && cat /tmp/back/index.json', there),
      new RegExp(digest),
    );
  });

  it("pushes 1 GB past the proxy: no temporary file, and less than 64 MB of memory", async (test) => {
    const folder = mkdtempSync(join(tmpdir(), "private-registry-gigabyte-"));
    const file = join(folder, "blob");
    await output(["truncate", "--size", "1000000000", file]);
    writeFileSync(join(folder, "ca.pem"), ca);
    const digest = `sha256:${(await output(["sha256sum", file])).slice(0, 64)}`;
    const client = new RegistryClient(port, ca, machine.hostAddress);
    const curl = async (...args: string[]) => {
      const command = ["curl", "-fsS", "--cacert", join(folder, "ca.pem"), "-u", user, "-o", "/dev/null"];
      return output([...command, "-w", "%header{location}", ...args]);
    };
    const base = `https://${machine.hostAddress}:${port}`;
    try {
      const start = await client.ask("/v2/team/large/blobs/uploads/", { method: "POST", user });
      const octets = ["-H", "Content-Type: application/octet-stream", "-T", file];
      let state = "";
      const peak = await peakOf(await Cgroups.of([proxy]), async () => {
        state = await curl("-X", "PATCH", ...octets, `${base}${start.headers.location}`);
        await curl("-X", "PUT", "-H", "Content-Length: 0", `${base}${state}&digest=${digest}`);
      });
      assert.ok(peak < 64, `${peak} MB`);
      test.diagnostic(`${peak.toFixed(1)} MB at most`);
      assert.deepEqual(await temporaryFiles(), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("would have seen a temporary file: a long manifest is one, in memory", async () => {
    const client = new RegistryClient(port, ca, machine.hostAddress);
    const headers = { "Content-Type": "application/vnd.oci.image.manifest.v1+json" };
    const body = JSON.stringify({ schemaVersion: 2, annotations: { text: "a".repeat(300_000) } });
    await client.ask("/v2/team/large/manifests/1", { method: "PUT", user, headers, body });
    assert.equal((await temporaryFiles()).length, 1);
    assert.match(await output(["docker", "exec", proxy, "stat", "-f", "-c", "%T", "/tmp"]), /tmpfs/);
  });

  /** nginx logs each one. */
  async function temporaryFiles(): Promise<string[]> {
    const { stderr } = await run(["docker", "logs", proxy]);
    return stderr.split("\n").filter((line) => line.includes("buffered to a temporary file"));
  }
});

/** An OCI layout with tag 1: a model, its notes, and an empty config of a type that nobody knows. */
function writeArtifact(folder: string): string {
  const blobs = join(folder, "layout/blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const blob = (mediaType: string, content: string) => {
    const hash = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(blobs, hash), content);
    return { mediaType, size: content.length, digest: `sha256:${hash}` };
  };
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = blob(
    type,
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      artifactType: "application/vnd.example.model.v2+zip",
      config: blob("application/vnd.example.config.v1+json", "{}"),
      layers: [
        blob("application/vnd.example.model.part; part=1", "a model"),
        blob("text/x-shellscript", "#!/bin/sh\nid\n"),
      ],
      annotations: { "org.opencontainers.image.source": "http://192.168.1.10/team/model.git" },
    }),
  );
  const tagged = { ...manifest, annotations: { "org.opencontainers.image.ref.name": "1" } };
  writeFileSync(join(folder, "layout/index.json"), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }));
  writeFileSync(join(folder, "layout/oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  return manifest.digest;
}
