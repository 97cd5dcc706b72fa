import type { Disk } from "../../../components/keeper/program/disk";
import { Unreadable } from "../../../components/keeper/program/job";
import { type Choice, choicesOf, type Taken } from "./choices";
import type { Request } from "./registryClient";
import { type Call, conflict, isReading, steppedDisk, Trace } from "./steppedDisk";
import {
  copyOf,
  forgetDead,
  historyOf,
  keyOf,
  lostFiles,
  missingFiles,
  nextOf,
  noteEvent,
  stepOf,
  type World,
} from "./world";

/** Something that must never be. */
export class Violation extends Error {
  constructor(
    readonly kind: "lost" | "missing" | "refused",
    readonly what: string,
    readonly history: readonly string[],
  ) {
    super(`${kind}: ${what}\n  ${history.join("\n  ")}`);
  }
}

/** Ends a replay: what follows is known already, or the collector was killed. */
class Stop extends Error {}

/** A step of the collector: real code, run on a disk that the explorer steps. */
export type Program = (disk: Disk, say: (progress: string) => void) => void;

/** Worlds by their keys. */
export type Worlds = Map<number, World>;

export interface Explored {
  /** Where the step came to its end. */
  readonly ended: Worlds;
  /** Where the collector was killed in it, or stopped because it could not read something. */
  readonly cut: Worlds;
  readonly states: number;
}

/**
 * All that can happen while a step of the collector runs, from each of the worlds: before each of its calls, any number of
 * steps of the clients; after each call that changed something, a kill. Orders that cannot differ are tried once: a step
 * of a client is tried before a call only if it, or one that follows it there, conflicts with that call.
 */
export function explore(program: Program, worlds: Worlds, exploration: Exploration): Explored {
  const explored = { ended: new Map<number, World>(), cut: new Map<number, World>() };
  const seen = new Set<number>();
  for (const start of worlds.values()) {
    const open: number[][] = [[]];
    for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
      replay(program, copyOf(start), prefix, { ...exploration, ...explored, open, seen });
    }
  }
  return { ...explored, states: seen.size };
}

export interface Exploration {
  /** The requests of each client. */
  readonly scripts: readonly (readonly Request[])[];
  readonly maximumKills: number;
  /** Whether, at the end of the step, tags that were there when it last looked must be whole. */
  readonly looks: boolean;
  /** Whether something is about something else. */
  readonly hasSubjects: boolean;
}

interface Search extends Exploration {
  readonly open: number[][];
  readonly seen: Set<number>;
  readonly ended: Worlds;
  readonly cut: Worlds;
}

/** Runs the step once, first by the choices given and then by the first of each. */
function replay(program: Program, world: World, prefix: readonly number[], search: Search): void {
  const { scripts, maximumKills } = search;
  const trace = new Trace(search.hasSubjects);
  const chosen: number[] = [];
  let changed = true;
  let standing = new Map(search.looks ? world.tags : []);
  let looking = false;
  // The collector goes on with other repositories after an error in one.
  let stopped: Error | undefined;
  const stop: (reason: Error) => never = (reason) => {
    stopped = reason;
    throw reason;
  };

  const mustNotBeLost = (): void => {
    const violation = violationOf(world, "lost", lostFiles(world, world.tags));
    if (violation !== undefined) stop(violation);
  };

  const choose = (choices: readonly Choice[], block: readonly Taken[]): Choice => {
    if (choices.length === 0) return stop(new Stop());
    if (choices.length > 1) {
      const given = prefix[chosen.length];
      if (given === undefined) {
        const key = keyOf(
          world,
          `${trace.key()}|${block.map(({ client, matters }) => `${client}${matters}`)}`,
        );
        if (search.seen.has(key)) return stop(new Stop());
        search.seen.add(key);
        for (let other = 1; other < choices.length; other++) search.open.push([...chosen, other]);
      }
      chosen.push(given ?? 0);
    }
    return choices[choices.length > 1 ? (chosen.at(-1) ?? 0) : 0] ?? "go";
  };

  const before = (call: Call): void => {
    if (stopped !== undefined) throw stopped;
    const block: Taken[] = [];
    for (;;) {
      const choices = choicesOf(world, scripts, call, block);
      const mayKill = block.length === 0 && changed && world.kills < maximumKills;
      const choice = choose(mayKill ? [...choices, "kill"] : choices, block);
      if (choice === "go") return;
      if (choice === "kill") {
        world.kills += 1;
        noteEvent(world, "the collector is killed");
        search.cut.set(keyOf(world), world);
        stop(new Stop());
        return;
      }
      const operation = nextOf(world, scripts, choice);
      // Before it is done: what it writes may be what makes it matter.
      if (operation !== undefined) {
        block.push({ client: choice, operation, matters: conflict(world.disk, call, operation) });
      }
      stepOf(world, scripts, choice);
      mustNotBeLost();
    }
  };

  const after = (call: Call, answer: unknown): void => {
    trace.noteCall(call, answer);
    changed = !isReading(call);
    if (!changed) return;
    noteEvent(world, `collector: ${call.does} ${call.paths.join(" to ")}`);
    if (call.does !== "write") mustNotBeLost();
  };

  const say = (progress: string): void => {
    trace.noteProgress(progress);
    if (!search.looks || looking || !progress.startsWith("marking repository 1 ")) return;
    looking = true;
    forgetDead(world);
    standing = new Map(world.tags);
    trace.note(`standing ${[...standing]}`);
  };

  try {
    program(steppedDisk(world.disk, before, after), say);
  } catch (error) {
    if (stopped === undefined && !(error instanceof Unreadable)) throw error;
    if (stopped === undefined) {
      noteEvent(world, `the collection stops: ${error}`);
      search.cut.set(keyOf(world), world);
      return;
    }
  }
  if (stopped instanceof Violation) throw stopped;
  if (stopped !== undefined) return;
  const still = new Map([...standing].filter(([name, digest]) => world.tags.get(name) === digest));
  const violation = violationOf(world, "missing", missingFiles(world, still));
  if (violation !== undefined) throw violation;
  search.ended.set(keyOf(world), world);
}

function violationOf(
  world: World,
  kind: "lost" | "missing",
  files: readonly string[],
): Violation | undefined {
  return files.length === 0 ? undefined : new Violation(kind, files.join(", "), historyOf(world));
}

/**
 * Lets time pass, with any number of steps of the clients in its midst. At its end a request must be done that then
 * would have been under way for longer than it can be.
 */
export function pass(
  worlds: Worlds,
  scripts: readonly (readonly Request[])[],
  duration: number,
  longest: number,
  betweenRuns = false,
): Worlds {
  const passed: Worlds = new Map();
  const seen = new Set<number>();
  const open = [...worlds.values()].map((world) => {
    const copy = copyOf(world);
    copy.disk.now += duration / 2;
    if (betweenRuns) copy.run = copy.disk.now;
    return copy;
  });
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const key = keyOf(world);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const index of scripts.keys()) {
      if (nextOf(world, scripts, index) === undefined) continue;
      const next = copyOf(world);
      stepOf(next, scripts, index);
      const violation = violationOf(next, "lost", lostFiles(next, next.tags));
      if (violation !== undefined) throw violation;
      open.push(next);
    }
    const end = world.disk.now + duration / 2;
    if (world.clients.some(({ operation, began }) => operation > 0 && began + longest <= end)) continue;
    const later = copyOf(world);
    later.disk.now = end;
    noteEvent(later, `${duration / 60_000} minutes pass`);
    passed.set(keyOf(later), later);
  }
  return passed;
}
