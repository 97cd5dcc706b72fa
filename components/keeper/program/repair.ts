import { copyFileSync } from "node:fs";
import { orderResult } from "./backupResult";
import { counted, someOf } from "./format";
import { hashFile } from "./hashFile";
import type { Answer, Context } from "./job";
import { blobData, layoutOf, placeAside } from "./layout";
import { sync } from "./nodeDisk";
import { checkQuarantine, isolated, tagsHitBy } from "./quarantine";
import { answerOf } from "./requestJob";

/*
 * Damaged blobs and a backup: the container of the backups brings what it has of them into a folder of the control volume,
 * and here each is read, and put where it was.
 */

/** Prints the digests of what is in quarantine, a line each. */
export function printDamaged({ disk, settings }: Context): void {
  const damaged = isolated(disk, layoutOf(settings.dataFolder));
  if (damaged.length > 0) console.log(damaged.join("\n"));
}

/** Puts what was brought in its place, and tells whoever asked. */
export function noteRepair(context: Context, id: string | undefined): void {
  const { ok, lines } = orderResult(context);
  const answer = ok ? repaired(context) : failed(`nothing was repaired: ${lines[0] ?? ""}`);
  answerOf(context, id)?.finish(answer);
}

function repaired(context: Context): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const damaged = isolated(disk, layout);
  if (damaged.length === 0) return { text: "nothing is damaged\n", json: { repaired: [], missing: [] } };
  const isBack = damaged.map((digest) => [digest, putBack(context, digest)] as const);
  const [back, missing] = [true, false].map((side) =>
    isBack.filter(([, isThere]) => isThere === side).map(([digest]) => digest),
  );
  // What nothing needs any more is missed by nobody.
  const missed = missing?.length ? [...tagsHitBy(context, missing)] : [];
  checkQuarantine(context);
  const lost = missed
    .map(([digest, tags]) => `no backup has ${digest}, which ${someOf(tags)} needs\n`)
    .join("");
  return {
    text: `${lost}${counted(back?.length ?? 0, "blob")} repaired\n`,
    json: { repaired: back ?? [], missing: missed.map(([digest]) => digest) },
    failed: missed.length > 0,
  };
}

/** Whether a blob is right again: because it was brought, or because somebody has pushed it meanwhile. */
function putBack({ disk, settings }: Context, digest: string): boolean {
  const layout = layoutOf(settings.dataFolder);
  const place = blobData(layout, digest);
  const [, hex = ""] = digest.split(":");
  const brought = `${settings.controlFolder}/backup/blobs/${hex}`;
  if (disk.stat(brought) !== undefined) {
    // Read where it will be: the copy may be what goes wrong.
    const aside = placeAside(layout, "repair", hex);
    disk.write(aside, "");
    copyFileSync(brought, aside);
    // The damaged one is let go of soon, and after a power cut this one must not be short.
    sync(aside);
    if (isRight(aside, digest)) disk.link(aside, place);
    disk.removeFile(aside);
    disk.removeFile(brought);
  }
  return isRight(place, digest);
}

function isRight(path: string, digest: string): boolean {
  return hashFile(path, digest, () => {}) === digest;
}

function failed(message: string): Answer {
  return { text: `${message}\n`, json: { error: message }, failed: true };
}
