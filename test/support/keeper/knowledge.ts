import type { Answer, Call } from "./steppedDisk";

/**
 * What the collector knows, told by a number: what its disk answered since the step began, but for what its code forgets.
 * That is what it read in a round of looking when it begins another, and, when it empties folders, what it read in those
 * that it has left.
 */
export interface Knowledge {
  readonly number: number;
  /** What it was before the first round of looking. */
  readonly beforeLooking?: number;
  readonly isEmptying: boolean;
  /** When it empties folders: those that it is in, with the number before each. */
  readonly folders: readonly { readonly folder: string; readonly number: number }[];
}

export const nothingKnown: Knowledge = { number: 0, isEmptying: false, folders: [] };

/** All that it knows when it began to empty folders. */
const onlyEmptying = -1;

/** Gives numbers: the same for the same. */
export class Knowledges {
  private readonly numbers = new Map<string, number>();

  /** @param hasSubjects Whether the code remembers, when it empties folders, which of them say that a subject was here. */
  constructor(private readonly hasSubjects: boolean) {}

  afterCall(before: Knowledge, call: Call, answer: Answer): Knowledge {
    const [path = ""] = call.paths;
    let { number } = before;
    let folders = before.folders;
    if (before.isEmptying) {
      const left = folders.find(({ folder }) => !`${path}/`.startsWith(`${folder}/`));
      if (left !== undefined) {
        number = left.number;
        folders = folders.slice(0, folders.indexOf(left));
      }
      if (call.does === "names") folders = [...folders, { folder: path, number }];
    }
    return { ...before, folders, number: this.numberOf(`${number} ${call.text} ${textOf(answer)}`) };
  }

  afterProgress(before: Knowledge, progress: string): Knowledge {
    if (progress === "reading what is in the trash") {
      const number = before.beforeLooking ?? before.number;
      return { ...before, number, beforeLooking: number };
    }
    if (progress === "removing empty folders") {
      return { ...before, isEmptying: true, number: this.hasSubjects ? before.number : onlyEmptying };
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
