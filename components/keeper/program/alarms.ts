import { randomBytes } from "node:crypto";
import { diskTime } from "./clock";
import { largest } from "./extremes";
import { counted, minuteText, someOf } from "./format";
import type { Context } from "./job";
import { type Layout, layoutOf } from "./layout";
import { type Run, runFile } from "./run";
import { readState, stateFile } from "./stateFile";
import { noteRun, readStatus } from "./status";
import { batchesOf } from "./trash";

/*
 * What is wrong around the keeper, and costs nothing but that people wonder: a wrong clock, a second keeper. The status
 * says so from one run to the next.
 */

/** A clock that is further off is wrong, and not only another; in milliseconds. */
const HOUR = 3_600_000;

/** Notes what is wrong with the clocks, and that another keeper works on the same images. */
export function noteAlarms(context: Context): void {
  const layout = layoutOf(context.settings.dataFolder);
  note(context, "clock", clockProblems(context, layout, diskTime(context.disk, layout), Date.now()));
  note(context, "keepers", otherKeeper(context, layout));
}

/**
 * @param now By the clock of the disk.
 * @param own By that of the keeper.
 */
export function clockProblems(context: Context, layout: Layout, now: number, own: number): string[] {
  const problems: string[] = [];
  if (Math.abs(own - now) > HOUR) {
    problems.push(
      `the clock of the keeper says ${minuteText(own)} and that of the disk of the images ${minuteText(now)}: set them ` +
        "right. What is old goes by that of the disk, the time of the daily run by that of the keeper",
    );
  }
  const last = readState<Partial<Run>>(context, runFile)?.started ?? 0;
  if (last > now + HOUR) {
    problems.push(
      `the last collection began at ${minuteText(last)}, and the clock of the disk says ${minuteText(now)}: it was ahead, ` +
        "or is set back. What was pushed meanwhile is taken for new, and stays that much longer",
    );
  }
  const ahead = batchesOf(context.disk, layout).filter(({ time }) => time > now + HOUR);
  const latest = largest(ahead.map(({ time }) => time));
  if (ahead.length > 0) {
    problems.push(
      `${counted(ahead.length, "batch", "batches")} in the trash ${ahead.length === 1 ? "is" : "are"} from the future, the ` +
        `last of ${minuteText(latest)}, as the clock of the disk was ahead: what is in them goes that much later. For its ` +
        `space before that, remove ${someOf(ahead.map(({ name }) => `${layout.trash}/${name}`))}`,
    );
  }
  return problems;
}

interface Identity {
  readonly id: string;
}

/** Each leaves its name beside the data, and wonders at the other's in its place. */
export function otherKeeper(context: Context, { trash }: Layout): string[] {
  const { disk } = context;
  const mark = `${trash}/keeper`;
  const known = readState<Identity>(context, "identity.json");
  const found = disk.read(mark);
  const { id } = known ?? { id: randomBytes(8).toString("hex") };
  // The control volume may be a new one.
  if (known === undefined) disk.write(stateFile(context, "identity.json"), JSON.stringify({ id }));
  if (found !== id) disk.write(mark, id);
  if (known === undefined || found === undefined || found === id) return [];
  return [
    "another keeper works on the same images, as it did since the last collection of this one: nothing is lost by that, but " +
      "one is enough; leave the other out with keeper.enabled: false",
  ];
}

function note(context: Context, job: string, problems: readonly string[]): void {
  // Nobody needs to know that nothing is wrong, unless something was.
  if (problems.length === 0 && readStatus(context).runs[job] === undefined) return;
  const problem = problems.join("; ");
  noteRun(context, job, {
    ended: new Date().toISOString(),
    ok: problems.length === 0,
    summary: problem || "nothing is wrong any more",
    ...(problem && { problem }),
  });
}
