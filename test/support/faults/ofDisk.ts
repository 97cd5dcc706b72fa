import { until } from "../../../tools/shell";
import { imagesIn } from "./diskCopy";
import { type Fault, type Host, must, nobody, noConnection, onHost, writes } from "./fault";

/** Where the images lie on the Docker host: a disk of their own. */
export const imagesPath = "/var/lib/images";

const mount = (host: Host) => onHost(host, 'mount "$1" "$2"', host.disk.device, imagesPath);
const unmount = (host: Host) => onHost(host, 'umount "$1"', imagesPath);

/** What happens to the disk with the images. */
export const ofDisk: readonly Fault[] = [
  {
    name: "the disk is full",
    seen: "pushes fail with `500`, and within five seconds with `403` and the reason; pulls and deletions go on",
    failures: writes,
    remedy: "delete images, or make the disk larger",
    within: 15,
    async strike(host) {
      const fill = `fallocate --length "$(($(stat -f -c '%a * %S' "$1")))" "$1/ballast" || dd if=/dev/zero of="$1/ballast" bs=1M 2> /dev/null || true`;
      await onHost(host, fill, imagesPath);
    },
    async mend(host) {
      await onHost(host, 'rm "$1/ballast"', imagesPath);
    },
  },
  {
    name: "the disk can only be read",
    seen: "pushes fail with `500`; pulls go on",
    failures: writes,
    remedy: "mount it writable: `mount -o remount,rw`",
    within: 15,
    async strike(host) {
      // An upload under way holds it open for the moment.
      const remount = ["mount", "-o", "remount,ro", imagesPath];
      const isDone = async () => (await host.world.machine.exec(remount)).status === 0;
      await until("nobody writes", isDone, 30);
    },
    async mend(host) {
      await onHost(host, 'mount -o remount,rw "$1"', imagesPath);
    },
  },
  {
    name: "the disk is slow (1 MB/s)",
    seen: "what is not in memory takes its time",
    within: 30,
    async strike({ disk }) {
      disk.limit("8M");
    },
    async mend({ disk }) {
      disk.limit("1000G");
    },
  },
  {
    name: "the disk answers with errors",
    seen: "pushes fail with `500`; pulls go on as far as memory has them",
    // The registry itself answers a pull with 500 if it cannot read the links of a tag.
    failures: new RegExp(`${nobody.source}|status 500|${writes.source}`),
    remedy: "replace or repair it: `npm run stop`, `fsck`, mount it, `npm run start`",
    within: 15,
    async strike({ disk }) {
      disk.fail(true);
    },
    async mend(host) {
      await must(host, "stop");
      host.disk.fail(false);
      await unmount(host);
      // 1: it has mended something.
      await onHost(host, 'fsck.ext4 -f -y "$1" > /dev/null || [ $? -eq 1 ]', host.disk.device);
      await mount(host);
      await must(host, "start");
    },
  },
  {
    name: "the disk is not mounted when the servers start",
    seen: "`503`: the registry does not start on an empty folder",
    failures: nobody,
    remedy: "mount it, then `npm run start`",
    within: 30,
    async strike(host) {
      await must(host, "stop");
      await unmount(host);
      // It fails, as it should.
      await host.world.npm("start");
    },
    async mend(host) {
      const found = await onHost(host, 'ls -A "$1"', imagesPath);
      if (found !== "") throw new Error(`somebody wrote into the folder without its disk: ${found}`);
      await host.world.npm("stop");
      await mount(host);
      await must(host, "start");
    },
  },
  {
    name: "the power fails in the middle of pushes",
    seen: "no connection until the machine is back; no image that was acknowledged is lost",
    failures: noConnection,
    within: 30,
    async strike(host) {
      const acknowledged = { ...host.world.lastGoodImages };
      const { missing, damaged } = await imagesIn(await host.disk.copy(), acknowledged);
      if (damaged.length > 0) throw new Error(`the copy of the disk has ${damaged.join(", ")}`);
      if (missing.length > 0) throw new Error(`the copy of the disk has not ${missing.join(", ")}`);
    },
  },
];

/** A new disk, mounted where the images will lie. */
export async function mountNew(host: Host): Promise<void> {
  await onHost(host, 'mkdir -p "$1"', imagesPath);
  await mount(host);
}
