import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, type Result, run } from "../../tools/shell";

/** skopeo as one user of one registry. */
export interface Skopeo {
  /** Pushes an image of random layers and answers its digest. */
  push(repository: string, layerSizes: readonly number[]): Promise<string>;
  /** Pulls an image to nowhere in particular. */
  pull(repository: string): Promise<Result>;
  /** Pulls an image and answers what pushes that very image again. */
  keep(repository: string): Promise<() => Promise<string>>;
  digest(repository: string): Promise<string>;
  /** Deletes an image by its digest, and so all tags that point to it. */
  delete(repository: string): Promise<string>;
  remove(): void;
}

/**
 * A skopeo that trusts `ca` and logs in as `user` (`name:password`) at `address`. `hosts` is the text of the
 * `/etc/hosts` that it sees, for a name that this machine does not know.
 */
export function skopeo(address: string, ca: string, user: string, hosts?: string): Skopeo {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-skopeo-"));
  const certificates = join(folder, "certs");
  mkdirSync(certificates);
  writeFileSync(join(certificates, "ca.crt"), ca);
  if (hosts !== undefined) writeFileSync(join(folder, "hosts"), hosts);
  const program =
    hosts === undefined
      ? ["skopeo"]
      : ["unshare", "--mount", "sh", "-c", WITH_HOSTS, join(folder, "hosts"), "skopeo"];
  const source = ["--src-cert-dir", certificates, "--src-creds", user];
  const inspect = [...program, "inspect", "--cert-dir", certificates, "--creds", user];
  let pulls = 0;
  const digest = (repository: string) =>
    output([...inspect, "--format", "{{.Digest}}", `docker://${address}/${repository}`]);
  const pushFrom = async (image: string, repository: string) => {
    const copy = [...program, "copy", "--quiet", "--dest-cert-dir", certificates, "--dest-creds", user];
    await output([...copy, `dir:${image}`, `docker://${address}/${repository}`]);
    return digest(repository);
  };
  const pullTo = (image: string, repository: string) =>
    run([...program, "copy", "--quiet", ...source, `docker://${address}/${repository}`, `dir:${image}`]);
  return {
    async push(repository, layerSizes) {
      const image = mkdtempSync(join(folder, "image-"));
      writeImage(image, layerSizes);
      return pushFrom(image, repository);
    },
    async pull(repository) {
      const target = join(folder, `pull-${pulls++}`);
      const result = await pullTo(target, repository);
      rmSync(target, { recursive: true, force: true });
      return result;
    },
    async keep(repository) {
      const image = mkdtempSync(join(folder, "image-"));
      const { status, stderr } = await pullTo(image, repository);
      if (status !== 0) throw new Error(stderr);
      return () => pushFrom(image, repository);
    },
    digest,
    delete: (repository) =>
      output([
        ...[...program, "delete", "--cert-dir", certificates, "--creds", user],
        `docker://${address}/${repository}`,
      ]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Each image has its digest and can be pulled. */
export async function expectSame(client: Skopeo, digests: ReadonlyMap<string, string>): Promise<void> {
  for (const [image, digest] of digests) {
    assert.equal(await client.digest(image), digest, image);
    assert.equal((await client.pull(image)).status, 0, image);
  }
}

/** Runs a program with the file of its name as `/etc/hosts`, for itself alone. */
const WITH_HOSTS = 'mount --bind "$0" /etc/hosts && exec "$@"';

/** Writes an image in skopeo's `dir:` layout. */
function writeImage(folder: string, layerSizes: readonly number[]): void {
  const blob = (mediaType: string, content: Buffer) => {
    const hash = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(folder, hash), content);
    return { mediaType, size: content.length, digest: `sha256:${hash}` };
  };
  const layers = layerSizes.map((size) => blob("application/vnd.oci.image.layer.v1.tar", randomBytes(size)));
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: blob("application/vnd.oci.image.config.v1+json", config),
    layers,
  };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "version"), "Directory Transport Version: 1.1\n");
}
