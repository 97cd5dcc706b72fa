import { blobsOf } from "./blobs";
import type { Stat } from "./disk";
import { counted, sizeText } from "./format";
import { hashOrError } from "./hashFile";
import type { Context } from "./job";
import { blobData, type Layout, layoutOf } from "./layout";
import { checkQuarantine, isolate } from "./quarantine";
import { readState, stateFile } from "./stateFile";
import { noteRun } from "./status";

const roundFile = "scrub.json";

/** How far a round through all blobs is. */
interface Round {
  /** The last digest that was read; all are read in their order. */
  readonly after: string;
  /** When it began, in milliseconds since 1970. */
  readonly began: number;
  /** Read and found damaged in this round, so far. */
  readonly bytes: number;
  readonly damaged: number;
}

/** A night's share ends before the next night's begins. */
const LONGEST_MILLISECONDS = 20 * 3_600_000;

/** How many bytes are read before it is written down how far it is: what a kill takes is read again. */
const NOTE_EVERY = 256 * 1024 * 1024;

/** Reads a night's share of all blobs slowly, and takes those from their place whose content is not what their digest says. */
export function scrub(context: Context): void {
  const { disk, settings } = context;
  const { scrubDays = 0, scrubBytesPerSecond = Number.POSITIVE_INFINITY } = settings;
  if (scrubDays === 0) return;
  const layout = layoutOf(settings.dataFolder);
  const all = [...blobsOf(disk, layout)].sort(([one], [other]) => (one < other ? -1 : 1));
  const share = all.reduce((sum, [, { size }]) => sum + size, 0) / scrubDays;
  const pace = paceOf(scrubBytesPerSecond);
  const ends = performance.now() + LONGEST_MILLISECONDS;
  let round = lastRound(context);
  let [read, noted] = [0, 0];
  for (const [digest, stat] of all) {
    if (digest <= round.after) continue;
    if (read >= share || performance.now() > ends) {
      noteRound(context, round);
      end(context, `${sizeText(round.bytes)} of this round read`);
      return;
    }
    const isDamaged = !isRight(context, layout, digest, stat, pace);
    read += stat.size;
    const { bytes, damaged } = round;
    round = { ...round, after: digest, bytes: bytes + stat.size, damaged: damaged + (isDamaged ? 1 : 0) };
    if (!isDamaged && read - noted < NOTE_EVERY) continue;
    noted = read;
    noteRound(context, round);
    // What is found is told at once.
    if (isDamaged) checkQuarantine(context);
  }
  noteRound(context, newRound());
  end(
    context,
    `all ${sizeText(round.bytes)} read since ${new Date(round.began).toISOString().slice(0, 10)}, ${counted(round.damaged, "blob")} damaged`,
  );
}

function end(context: Context, summary: string): void {
  noteRun(context, "scrub", { ended: new Date().toISOString(), ok: true, summary });
  checkQuarantine(context);
}

/** Read twice before it counts as damaged: memory errs, too. One that is gone or written anew is another one. */
function isRight(
  { disk }: Context,
  layout: Layout,
  digest: string,
  seen: Stat,
  pace: (bytes: number) => void,
): boolean {
  const path = blobData(layout, digest);
  for (let reading = 0; reading < 2; reading++) {
    const hash = hashOrError(path, digest, pace);
    if (hash === undefined || hash === digest) return true;
  }
  return !isolate(disk, layout, digest, seen);
}

/** Waits so that no more bytes are read in a second than these. */
function paceOf(bytesPerSecond: number): (bytes: number) => void {
  const began = performance.now();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  let read = 0;
  return (bytes) => {
    read += bytes;
    const early = began + (read / bytesPerSecond) * 1000 - performance.now();
    if (early > 1) Atomics.wait(bell, 0, 0, early);
  };
}

function newRound(): Round {
  return { after: "", began: Date.now(), bytes: 0, damaged: 0 };
}

/** A new one if the last one is not known. */
function lastRound(context: Context): Round {
  return readState<Round>(context, roundFile) ?? newRound();
}

function noteRound(context: Context, round: Round): void {
  context.disk.write(stateFile(context, roundFile), JSON.stringify(round));
}
