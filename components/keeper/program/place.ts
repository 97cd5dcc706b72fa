import { type Context, Unreadable } from "./job";
import { type Layout, layoutOf } from "./layout";

/**
 * Whether things can be moved into the trash and given back from it, before anything is: that takes one file system, and
 * one that gives a file a second name, which is how something is put back without ever replacing what is there.
 *
 * @throws Unreadable with the reason, and what to do
 */
export function checkPlace({ disk, settings }: Pick<Context, "disk" | "settings">): void {
  const layout = layoutOf(settings.dataFolder);
  // Nothing was ever pushed.
  if (disk.stat(layout.root) === undefined) return;
  const [probe, second] = [`${layout.trash}/place`, `${layout.root}/.keeper-place`];
  disk.write(probe, "");
  try {
    const device = disk.stat(probe)?.device;
    for (const folder of [layout.root, layout.repositories, layout.blobs]) {
      const other = disk.stat(folder)?.device ?? device;
      if (device !== undefined && other !== device) throw apart(layout, folder);
    }
    // Left by a check that was cut short. No device tells of two mounts of one file system, but the link does.
    disk.removeFile(second);
    disk.link(probe, second);
    disk.removeFile(second);
  } catch (error) {
    throw reasonOf(error, layout);
  } finally {
    disk.removeFile(probe);
  }
}

function apart({ trash }: Layout, folder: string): Unreadable {
  return new Unreadable(
    `${folder} and ${trash} lie on two file systems, so what nothing needs cannot be moved into the trash, and nothing is ` +
      "taken: mount the folder of the data as a whole, or leave the keeper out with keeper.enabled: false",
  );
}

function reasonOf(error: unknown, layout: Layout): unknown {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "EXDEV") return apart(layout, layout.root);
  if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP" && code !== "ENOSYS") return error;
  return new Unreadable(
    `the disk of ${layout.root} makes no hard links (${code}), without which the keeper could not give back what it has ` +
      "taken, and nothing is taken: use a file system that has them, such as ext4 or XFS, or leave the keeper out with " +
      "keeper.enabled: false",
  );
}
