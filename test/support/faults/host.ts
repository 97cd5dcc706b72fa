import { begin, closeWorld, openWorld } from "../walk/stack";
import type { Host } from "./fault";
import { faultyDisk } from "./faultyDisk";
import { imagesPath, mountNew } from "./ofDisk";

/** A machine, a disk, and the default stack on them with a first image. */
export async function openHost(name: string, say: (line: string) => void): Promise<Host> {
  const disk = await faultyDisk(name, "2G");
  const world = await openWorld(name);
  const host = { world, disk };
  try {
    await mountNew(host);
    world.set({ storage: { hostPath: imagesPath, takeOwnership: true } });
    await begin(world, say);
    return host;
  } catch (error) {
    await closeHost(host);
    throw error;
  }
}

/** Takes everything away. */
export async function closeHost({ world, disk }: Host): Promise<void> {
  disk.fail(false);
  await closeWorld(world);
  await disk.remove();
}
