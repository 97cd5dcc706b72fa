import { ripe } from "./candidates";
import { diskTime } from "./clock";
import { counted, sizeText } from "./format";
import { type Answer, type Context, Unreadable } from "./job";
import { layoutOf } from "./layout";
import { trashedPaths } from "./look";
import { markAll } from "./mark";
import { keepsUntagged, recall } from "./memory";
import { bytesOf } from "./run";
import { batchesOf, type Thing } from "./trash";

/** What a collection that began now would take, and what it would leave for its grace. Changes and notes nothing. */
export function dryRun(context: Context): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const now = diskTime(disk, layout);
  const trash = trashedPaths(batchesOf(disk, layout));
  const { links, blobs, unreadable } = markAll(context, {
    keepsUntagged: keepsUntagged(context, now),
    isNew: () => false,
    isTrashed: (path) => trash.paths.has(path),
    orphans: trash.orphans,
  });
  if (unreadable.length > 0) throw new Unreadable(unreadable.join("; "));
  const before = recall(context, "candidates");
  const going = new Set(ripe([...links, ...blobs], before, now, settings.graceSeconds * 1000));
  const goes = {
    links: links.filter((link) => going.has(link)),
    blobs: blobs.filter((blob) => going.has(blob)),
  };
  const waits = {
    links: links.filter((link) => !going.has(link)),
    blobs: blobs.filter((blob) => !going.has(blob)),
  };
  const text =
    `A collection would take ${amount(goes)}.\n` + `For their grace it would leave ${amount(waits)}.\n`;
  return { text, json: { goes: named(goes), waits: named(waits) } };
}

interface Unneeded {
  readonly links: readonly Thing[];
  readonly blobs: readonly Thing[];
}

function amount({ links, blobs }: Unneeded): string {
  return `${counted(blobs.length, "blob")} (${sizeText(bytesOf(blobs))}) and ${counted(links.length, "link")}`;
}

function named({ links, blobs }: Unneeded) {
  return {
    links: links.map(({ path }) => path),
    blobs: blobs.map(({ path }) => path),
    bytes: bytesOf(blobs),
  };
}
