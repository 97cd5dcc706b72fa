// What stands for the keeper in tests of how people reach it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What it makes of a request. */
export interface FakeAnswer {
  readonly text: string;
  readonly json?: unknown;
  readonly failed?: boolean;
  /** Said before the answer, for so many milliseconds each. */
  readonly progress?: readonly (readonly [text: string, milliseconds: number])[];
}

export interface FakeKeeper {
  /** Requests in the order in which they were taken. */
  readonly taken: { readonly [field: string]: unknown }[];
  stop(): Promise<void>;
}

/** Ids of the requests that wait. */
export function waiting(controlFolder: string): string[] {
  const folder = join(controlFolder, "requests");
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The text of a request that waits. */
export function requestText(controlFolder: string, id: string): string {
  return readFileSync(join(controlFolder, "requests", id), "utf8");
}

/** Writes files of an answer. */
export function writeAnswer(controlFolder: string, id: string, files: { readonly [name: string]: string }) {
  const folder = join(controlFolder, "answers", id);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Takes requests as the keeper does, one after the other. */
export function startFakeKeeper(
  controlFolder: string,
  answer: (request: { readonly [field: string]: unknown }) => FakeAnswer,
): FakeKeeper {
  const taken: { readonly [field: string]: unknown }[] = [];
  let goesOn = true;
  const work = async () => {
    while (goesOn) {
      for (const id of waiting(controlFolder).filter((name) => !name.startsWith("."))) {
        const request = JSON.parse(requestText(controlFolder, id));
        const { text, json, failed, progress = [] } = answer(request);
        writeAnswer(controlFolder, id, { owner: request.user });
        taken.push(request);
        for (const [said, milliseconds] of progress) {
          writeAnswer(controlFolder, id, { progress: `${said}\n` });
          await sleep(milliseconds);
        }
        writeAnswer(controlFolder, id, { text, json: `${JSON.stringify(json ?? { text })}\n` });
        writeAnswer(controlFolder, id, { status: failed ? "1" : "0" });
        rmSync(join(controlFolder, "requests", id));
      }
      await sleep(50);
    }
  };
  const done = work();
  const stop = () => {
    goesOn = false;
    return done;
  };
  return { taken, stop };
}
