import { lstatSync, mkdirSync } from "node:fs";
import type { Disk } from "./disk";
import type { Answer } from "./job";
import type { Settings } from "./settings";

/** The time between two lines of progress that are written down, in milliseconds: a reader asks every second. */
const PROGRESS_EVERY = 500;

/** Where the answer to one request is written. */
export interface AnswerFolder {
  /** Replaces the line of progress, unless it was replaced just before. */
  say(progress: string): void;
  finish(answer: Answer): void;
}

export function answersFolder({ controlFolder }: Settings): string {
  return `${controlFolder}/answers`;
}

/** An answer that was just opened. */
export interface OpenAnswer extends AnswerFolder {
  /** When, in milliseconds by the clock of the control volume. */
  readonly opened: number;
}

/** Begins an answer, which only this user may read; or goes on with one that was begun for them. */
export function openAnswer(disk: Disk, settings: Settings, id: string, user: string): OpenAnswer {
  realFolder(answersFolder(settings));
  const folder = `${answersFolder(settings)}/${id}`;
  realFolder(folder);
  disk.write(`${folder}/owner`, user);
  const opened = disk.stat(`${folder}/owner`)?.modified;
  if (opened === undefined) throw new Error(`${folder}/owner was written and is not there`);
  return { ...answerIn(disk, folder), opened };
}

/** An answer that was begun by an earlier process; undefined if nobody waits for it any more. */
export function begunAnswer(disk: Disk, settings: Settings, id: string): AnswerFolder | undefined {
  const folder = `${answersFolder(settings)}/${id}`;
  const begun = disk.stat(`${folder}/owner`) !== undefined && disk.stat(`${folder}/status`) === undefined;
  return begun ? answerIn(disk, folder) : undefined;
}

function answerIn(disk: Disk, folder: string): AnswerFolder {
  let last = Number.NEGATIVE_INFINITY;
  return {
    say(progress) {
      const now = performance.now();
      if (now - last < PROGRESS_EVERY) return;
      last = now;
      disk.write(`${folder}/progress`, `${progress}\n`);
    },
    finish({ text, json, failed = false }) {
      disk.write(`${folder}/text`, text);
      disk.write(`${folder}/json`, `${JSON.stringify(json)}\n`);
      // Last: whoever sees it finds the rest.
      disk.write(`${folder}/status`, failed ? "1" : "0");
    },
  };
}

/** Makes a folder if need be. What the proxy has put in its place instead is not followed. */
function realFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  if (!lstatSync(path).isDirectory()) throw new Error(`${path} is not a folder`);
}
