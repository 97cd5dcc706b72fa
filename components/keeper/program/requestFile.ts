import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { Refusal } from "./job";
import type { Settings } from "./settings";

/** The largest request that makes sense is far smaller. */
const LARGEST = 4096;

export function isRequestId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

export function requestPath({ controlFolder }: Settings, id: string): string {
  return `${controlFolder}/requests/${id}`;
}

/** A request as it was found. */
export interface FoundRequest {
  readonly text: string;
  /** When it was written, in milliseconds by the clock of the control volume. */
  readonly written: number;
}

/**
 * A request, of which nothing is known yet but its name. What is not a plain file is not even opened, and a
 * file that is put in its place meanwhile is not followed or waited for.
 * @throws Refusal if it is not a small file of text
 */
export function readRequestFile(path: string): FoundRequest {
  if (!lstatSync(path).isFile()) throw new Refusal("the request is not a plain file");
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Refusal("the request is not a plain file");
    const bytes = Buffer.alloc(LARGEST + 1);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    if (length > LARGEST) throw new Refusal(`the request has more than ${LARGEST} bytes`);
    return { text: utf8(bytes.subarray(0, length)), written: stat.mtimeMs };
  } finally {
    closeSync(file);
  }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("the request is not text in UTF-8");
  }
}
