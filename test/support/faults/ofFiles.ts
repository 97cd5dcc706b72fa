import { ask, pushBlob } from "../walk/registry";
import { type Fault, type Host, must, nameOf, nobody, onHost, registryIsAway } from "./fault";
import { imagesPath } from "./ofDisk";

const harmed = "walk/app:0";

/** The layer of the first image, and where it lies. */
async function layerOf({ world }: Host): Promise<{ digest: string; path: string }> {
  const [repository = "", tag = ""] = harmed.split(":");
  const headers = { Accept: "application/vnd.oci.image.manifest.v1+json" };
  const path = `/v2/${repository}/manifests/${tag}`;
  const { body } = await ask(world.reach, path, { user: world.reach.users[0], headers });
  const { layers }: { layers: { digest: string }[] } = JSON.parse(body);
  const digest = layers[0]?.digest ?? "";
  const hash = digest.replace("sha256:", "");
  return { digest, path: `${imagesPath}/docker/registry/v2/blobs/sha256/${hash.slice(0, 2)}/${hash}/data` };
}

let content = "";

/** A file of a server's volume is deleted, and the server starts again. */
function fileIsDeleted(role: string, volume: string, file: string, seen: string): Fault {
  return {
    name: `\`${file}\` of the ${role} is deleted from its volume, and the ${role} starts again`,
    seen,
    failures: nobody,
    remedy: "`npm run up`",
    within: 15,
    async strike(host) {
      const { world } = host;
      const format = ["volume", "inspect", "--format", "{{.Mountpoint}}"];
      const folder = await world.mustDocker(...format, nameOf(host, volume));
      await onHost(host, 'find "$1" -name "$2" -type f -delete', folder, file);
      await world.mustDocker("restart", "--time", "2", nameOf(host, role));
    },
    mend: (host) => must(host, "up"),
  };
}

/** What happens to files. */
export const ofFiles: readonly Fault[] = [
  {
    name: "a blob is deleted from the disk",
    seen: "`404` for that blob; all others are served",
    failures: /\/v2\/walk\/app\/blobs\/.* status 404/,
    remedy: "push the image again, or take it from a backup",
    within: 10,
    async strike(host) {
      const { path, digest } = await layerOf(host);
      content = await onHost(host, 'base64 -w 0 "$1" && rm "$1"', path);
      const { reach } = host.world;
      const { status } = await ask(reach, `/v2/walk/app/blobs/${digest}`, { user: reach.users[0] });
      if (status !== 404) throw new Error(`the blob that is gone is answered ${status}`);
    },
    async mend(host) {
      await pushBlob(host.world.reach, "walk/app", Buffer.from(content, "base64"));
    },
  },
  fileIsDeleted("proxy", "proxy-files", "nginx.conf", "no connection"),
  fileIsDeleted("registry", "config", "config.yml", registryIsAway),
];
