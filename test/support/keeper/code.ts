import type { Disk } from "../../../components/keeper/program/disk";
import { Unreadable } from "../../../components/keeper/program/job";
import { type Fingerprint, fingerprintOf } from "./fingerprints";
import { type Knowledge, Knowledges, nothingKnown, textOf } from "./knowledge";
import { type Answer, type Call, steppedDisk } from "./steppedDisk";

/** A step of the collector: real code, run on a disk that the explorer steps. */
export type Program = (disk: Disk, say: (progress: string) => void) => void;

/** Where the collector is in its code: before a call, or at the end. */
export interface Point {
  readonly knowledge: Knowledge;
  readonly print: Fingerprint;
  /** Undefined at the end. */
  readonly call: Call | undefined;
  /** Why it came to an end before all was done. */
  readonly reason?: Unreadable;
  /** Whether it began to mark since the call before. */
  readonly beginsToMark: boolean;
  /** How it came here first: from where, and by what answer. */
  readonly from: { readonly point: Point; readonly answer: Answer } | undefined;
  /** Where each answer leads, as far as that was seen. */
  readonly next: Map<string, Point>;
}

/** Does a call, or answers with `stop`. */
export type Meet = (point: Point) => { readonly answer: Answer } | undefined;

/**
 * The code of a step as a graph of points, which is found out by running it. What it does next depends on nothing but the
 * answers of its disk, so it need not run again where the same answers came before.
 */
export class Code {
  private readonly points = new Map<number, Point>();
  private readonly knowledges: Knowledges;
  /** How often the code was run, of interest to whoever makes this faster. */
  runs = 0;

  constructor(
    private readonly program: Program,
    hasSubjects: boolean,
  ) {
    this.knowledges = new Knowledges(hasSubjects);
  }

  /** Where it begins. */
  first(): Point {
    const found: Point[] = [];
    this.run(undefined, undefined, (point) => {
      found.push(point);
      return undefined;
    });
    if (found[0] === undefined) throw new Error("the code does nothing");
    return found[0];
  }

  /** Where an answer leads; undefined if that is not known before the code is run. */
  after({ next }: Point, answer: Answer): Point | undefined {
    return next.get(textOf(answer));
  }

  /** Runs the code through a point, by an answer that was not seen there yet, and tells of each point that it meets. */
  run(from: Point | undefined, answer: Answer, meet: Meet): void {
    this.runs += 1;
    const recorded = from === undefined ? [] : [...answersTo(from), answer];
    let at = from;
    let last = answer;
    let knowledge = from?.call ? this.knowledges.afterCall(from.knowledge, from.call, answer) : nothingKnown;
    let beginsToMark = false;
    let done = 0;
    let isStopped = false;
    const reach = (call: Call | undefined, reason?: Unreadable): Point => {
      const point = this.pointAt(knowledge, call, reason, beginsToMark, at && { point: at, answer: last });
      at?.next.set(textOf(last), point);
      at = point;
      return point;
    };
    const disk = steppedDisk((call) => {
      // The code goes on with other repositories after an error in one.
      if (isStopped) throw new Stop();
      if (done < recorded.length) return again(recorded[done++]);
      isStopped = true;
      const point = reach(call);
      const met = meet(point);
      if (met === undefined) throw new Stop();
      isStopped = false;
      last = met.answer;
      knowledge = this.knowledges.afterCall(point.knowledge, call, last);
      beginsToMark = false;
      return again(last);
    });
    const say = (progress: string): void => {
      if (done < recorded.length) return;
      knowledge = this.knowledges.afterProgress(knowledge, progress);
      if (progress.startsWith("marking repository 1 ")) beginsToMark = true;
    };
    const reason = endOf(() => this.program(disk, say));
    if (!isStopped) meet(reach(undefined, reason));
  }

  private pointAt(
    knowledge: Knowledge,
    call: Call | undefined,
    reason: Unreadable | undefined,
    beginsToMark: boolean,
    from: Point["from"],
  ): Point {
    const { number } = knowledge;
    const known = call && this.points.get(number);
    if (known !== undefined) {
      if (known.call?.text === call?.text) return known;
      throw new Error(`the code remembers more than it is thought to: ${known.call?.text} or ${call?.text}`);
    }
    const print = fingerprintOf(`knows ${number}`);
    const point = { knowledge, print, call, reason, beginsToMark, from, next: new Map() };
    if (call !== undefined) this.points.set(number, point);
    return point;
  }
}

/** Ends a run of the code: nobody wants to know more. */
class Stop extends Error {}

/** Why the code came to its end early, if it did. */
function endOf(program: () => void): Unreadable | undefined {
  try {
    program();
    return undefined;
  } catch (error) {
    if (error instanceof Unreadable) return error;
    if (error instanceof Stop) return undefined;
    throw error;
  }
}

function answersTo(point: Point): Answer[] {
  const answers: Answer[] = [];
  for (let { from } = point; from !== undefined; from = from.point.from) answers.unshift(from.answer);
  return answers;
}

/** The code may change a list that it gets. */
function again(answer: Answer): Answer {
  return Array.isArray(answer) ? [...answer] : answer;
}
