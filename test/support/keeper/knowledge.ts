import { controlFolder, layout } from "./registryClient";
import { type Answer, type Call, isReading } from "./steppedDisk";

/**
 * What the collector knows, told by a number: what its disk answered since the step began, but for what its code forgets
 * or only tells people. But for what it read of its own files and of the time, that is
 *
 * - all, when it looks and looks again at what is in the trash;
 * - all, when it asks the disk for the time, before and after it moves things, and before it clears up;
 * - what it read in the folders that it has left, when it empties folders.
 *
 * Where something is about something else it remembers more: which tags it took, and in which folders subjects were.
 */
export interface Knowledge {
  readonly number: number;
  /** What it read of its own files, and of the time, which it does not forget. */
  readonly own: number;
  /** How often it asked for the time. */
  readonly times: number;
  readonly isEmptying: boolean;
  /** When it empties folders: those that it is in, with the number before each. */
  readonly folders: readonly { readonly folder: string; readonly number: number }[];
}

const clock = `${layout.trash}/clock`;

export const nothingKnown: Knowledge = { number: 0, own: 0, times: 0, isEmptying: false, folders: [] };

/** Gives numbers: the same for the same. */
export class Knowledges {
  private readonly numbers = new Map<string, number>();

  constructor(private readonly hasSubjects: boolean) {}

  afterCall(before: Knowledge, call: Call, answer: Answer): Knowledge {
    const [path = ""] = call.paths;
    let { number, own } = before;
    let folders = before.folders;
    if (before.isEmptying) {
      const left = folders.find(({ folder }) => !`${path}/`.startsWith(`${folder}/`));
      if (left !== undefined) {
        number = left.number;
        folders = folders.slice(0, folders.indexOf(left));
      }
      if (call.does === "names") folders = [...folders, { folder: path, number }];
    }
    if (isReading(call) && (path.startsWith(controlFolder) || path === clock)) {
      own = this.numberOf(`${own} ${call.text} ${textOf(answer)}`);
    }
    if (call.does === "write" && path === clock) {
      const times = before.times + 1;
      const from = this.hasSubjects ? number : before.own;
      return { ...before, times, number: this.numberOf(`${from} time ${times}`) };
    }
    return { ...before, own, folders, number: this.numberOf(`${number} ${call.text} ${textOf(answer)}`) };
  }

  afterProgress(before: Knowledge, progress: string): Knowledge {
    if (progress === "reading what is in the trash") {
      return { ...before, number: this.numberOf(`${before.own} looking`) };
    }
    if (progress === "removing empty folders") {
      const from = this.hasSubjects ? before.number : before.own;
      return { ...before, isEmptying: true, number: this.numberOf(`${from} emptying`) };
    }
    return before;
  }

  private numberOf(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.numbers.size + 1);
    return this.numbers.size;
  }
}

export function textOf(answer: Answer): string {
  if (typeof answer !== "object") return String(answer);
  if (Array.isArray(answer)) return answer.join("/");
  return `${answer.inode} ${answer.modified} ${answer.size} ${answer.isFolder}`;
}
