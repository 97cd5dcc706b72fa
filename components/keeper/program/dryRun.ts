import { ripe } from "./candidates";
import { diskTime } from "./clock";
import { counted, sizeText } from "./format";
import { type Answer, type Context, Unreadable } from "./job";
import { layoutOf } from "./layout";
import { markAll } from "./mark";
import { keepsUntagged, recall } from "./memory";
import { bytesOf } from "./run";
import { batchesOf, type Thing } from "./trash";

interface Count {
  readonly links: number;
  readonly blobs: number;
  readonly bytes: number;
}

/** What a collection would take if it began now. Nothing is changed, nor remembered for the next one. */
export function dryRun(context: Context): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const now = diskTime(disk, layout);
  const trashed = new Set(batchesOf(disk, layout).flatMap(({ things }) => things.map(({ path }) => path)));
  const found = markAll(context, {
    keepsUntagged: keepsUntagged(context, now),
    isNew: () => false,
    isTrashed: (path) => trashed.has(path),
    orphans: [],
  });
  if (found.unreadable.length > 0) throw new Unreadable(found.unreadable.join("; "));
  const grace = settings.graceSeconds * 1000;
  const unneeded = [...found.links, ...found.blobs];
  const going = new Set(ripe(unneeded, recall(context, "candidates"), now, grace));
  const [takes, waits] = [
    countOf(found, (thing) => going.has(thing)),
    countOf(found, (thing) => !going.has(thing)),
  ];
  const text = [
    `A collection would take ${countText(takes)}.\n`,
    `Unneeded, too, but not yet for ${counted(Math.round(settings.graceSeconds / 3600), "hour")}: ${countText(waits)}.\n`,
  ];
  return { text: text.join(""), json: { takes, waits } };
}

function countOf(
  { links, blobs }: { readonly links: readonly Thing[]; readonly blobs: readonly Thing[] },
  isMeant: (thing: Thing) => boolean,
): Count {
  const meant = blobs.filter(isMeant);
  return { links: links.filter(isMeant).length, blobs: meant.length, bytes: bytesOf(meant) };
}

function countText({ links, blobs, bytes }: Count): string {
  return `${counted(blobs, "blob")} (${sizeText(bytes)}) and ${counted(links, "link")}`;
}
