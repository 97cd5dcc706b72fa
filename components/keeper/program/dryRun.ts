import { ripe, type Unneeded } from "./candidates";
import { diskTime } from "./clock";
import { counted, sizeText } from "./format";
import { type Answer, type Context, Unreadable } from "./job";
import { layoutOf } from "./layout";
import { markOnce } from "./look";
import { keepsUntagged } from "./memory";
import { bytesOf } from "./run";

/** What a collection that began now would take, and what it would leave for its grace. Changes and notes nothing. */
export function dryRun(context: Context): Answer {
  const { disk, settings } = context;
  const layout = layoutOf(settings.dataFolder);
  const now = diskTime(disk, layout);
  const choice = { keepsUntagged: keepsUntagged(context, now), isNew: () => false };
  const { mark } = markOnce(context, layout, choice);
  if (mark.unreadable.length > 0) throw new Unreadable(mark.unreadable.join("; "));
  const { goes, waits } = ripe(context, mark, now);
  const text =
    `A collection would take ${amount(goes)}.\n` + `For their grace it would leave ${amount(waits)}.\n`;
  return { text, json: { goes: named(goes), waits: named(waits) } };
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
