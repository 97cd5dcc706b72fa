import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Context } from "../context";
import { problem, say } from "../say";

export interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly timestamp?: string;
}

/** Whether the engine that took a lock still lives. On another host nobody can tell from here. */
export function judgeLock(
  lock: Lock,
  host: string,
  lives: (pid: number) => boolean,
): "dead" | "alive" | "elsewhere" {
  if (lock.hostname !== host) return "elsewhere";
  return lives(lock.pid) ? "alive" : "dead";
}

/**
 * Removes the stack's locks whose engine died on this machine, and says so. Stops at one that is still held here.
 * A lock of another host stays: the engine refuses to run then, and says whose it is. True if a lock was removed.
 */
export function clearDeadLocks(context: Context): boolean {
  const folder = join(
    context.stateDirectory,
    ".pulumi",
    "locks",
    "organization",
    context.project,
    context.stack,
  );
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
  let cleared = false;
  for (const name of files) {
    const file = join(folder, name);
    const lock = parseLock(readFileSync(file, "utf8"));
    // An engine killed while it wrote its lock leaves an empty one; the engine itself says what to do about it.
    if (!lock) continue;
    const verdict = judgeLock(lock, hostname(), engineLives);
    if (verdict === "alive")
      throw problem(
        `stack "${context.stack}" is being changed by process ${lock.pid} on this machine: wait for it to finish, then run this again`,
      );
    if (verdict === "elsewhere") continue;
    rmSync(file);
    rmSync(`${file}.attrs`, { force: true });
    say(
      `Recovery: removed the lock of process ${lock.pid}, which died during an earlier run on this machine.`,
    );
    cleared = true;
  }
  return cleared;
}

/** Reads a lock file; undefined if it is none. */
export function parseLock(text: string): Lock | undefined {
  try {
    const lock = JSON.parse(text);
    return Number.isInteger(lock?.pid) && typeof lock?.hostname === "string" ? lock : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of this id lives and, where the system tells, is an engine: process ids are used again. */
function engineLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const nameFile = `/proc/${pid}/comm`;
  return !existsSync(nameFile) || readFileSync(nameFile, "utf8").startsWith("pulumi");
}
