import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import type { Disk } from "../../../components/keeper/program/disk";
import type { Context } from "../../../components/keeper/program/job";
import { tagLink } from "../../../components/keeper/program/layout";
import { allRules, type Rules } from "../../../components/keeper/program/rules";
import type { Settings } from "../../../components/keeper/program/settings";
import { takeAll } from "../../../components/keeper/program/take";
import { withoutRun, withoutTelling } from "./canonical";
import type { Program } from "./code";
import { explore, type Worlds } from "./explore";
import { MemoryDisk } from "./memoryDisk";
import { pass } from "./pass";
import { controlFolder, dataFolder, layout, type Request } from "./registryClient";
import { keyOf, nextOf, stepOf, type World } from "./world";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const longAgo = Date.UTC(2026, 0, 1);

export const modelSettings: Settings = {
  dataFolder,
  controlFolder,
  graceSeconds: 24 * 3600,
  settleSeconds: 15 * 60,
  undoSeconds: 0,
  minimumTrashSeconds: 3600,
  uploadSeconds: 7 * 24 * 3600,
  retention: [],
};

/** What is there, and what two clients do with it. */
export interface Scenario {
  readonly name: string;
  /** What was pushed, and deleted, long ago. */
  readonly past: readonly Request[];
  readonly clients: readonly (readonly Request[])[];
  readonly settings?: Partial<Settings>;
  /** Whether something in it is about something else. */
  readonly hasSubjects?: boolean;
  /** Whether both clients can be busy in every run from the one that takes: else there are tens of millions of states. */
  readonly isSmall?: boolean;
  /** Hours between the runs: the first notes, the one before the last takes, the last purges. */
  readonly pauses?: readonly number[];
  /** Moved into the trash before all else, as if a person had deleted it; it is no more expected to be there. */
  readonly deleted?: readonly string[];
  /** A tag that retention found to be too old before all else, and takes in each run before the collection. */
  readonly retired?: string;
  /** Whether the clients work under the lock that each step of a collection holds, as the keeper's own commands do. */
  readonly locked?: boolean;
  /** How long a request may take; as long as things settle, unless the scenario is about more. */
  readonly longest?: number;
}

/** The run that takes, and all after it. */
export const takingAndLater = (run: number, last: number) => run >= last - 1;

export interface Bounds {
  /** Whether clients do something while a run is under way, counted from 1, and not only between runs. */
  readonly busy: (run: number, last: number) => boolean;
  readonly kills: number;
  readonly rules?: Rules;
  /** Changes what the collector sees or does in a run, to break a rule that is not a decision of its code. */
  readonly disk?: (disk: Disk, run: number) => Disk;
  /** Whether a tag must also be whole for its readers, and not only in the end; true by default. */
  readonly watchesReaders?: boolean;
  /** Whether orders are tried as well that cannot differ from others; false by default. */
  readonly everyOrder?: boolean;
  /** Told of all that there can be in the end. */
  readonly end?: (worlds: Iterable<World>) => void;
  /** Told how far it is. */
  readonly say?: (progress: string) => void;
  /** Whether nobody keeps to the lock. */
  readonly lockless?: boolean;
}

/** Explores all that can happen, and answers with the number of states. @throws Violation at the first thing that must not be. */
export function exploreScenario(scenario: Scenario, bounds: Bounds): number {
  const settings = { ...modelSettings, ...scenario.settings };
  const { pauses = [25, 2], longest = settings.settleSeconds * second, clients } = scenario;
  const isLocked = scenario.locked === true && bounds.lockless !== true;
  const runs = pauses.length + 1;
  const start = worldOf(scenario);
  let states = 0;
  let begin: Worlds = new Map([[keyOf(start), start]]);
  for (let run = 1; run <= runs + bounds.kills && begin.size > 0; run++) {
    const isBusy = bounds.busy(run, runs);
    const exploration = {
      scripts: isBusy && !isLocked ? clients : [],
      maximumKills: isBusy ? bounds.kills : 0,
      hasSubjects: scenario.hasSubjects === true,
      everyOrder: bounds.everyOrder === true,
    };
    const cut: World[] = [];
    let worlds = begin;
    for (const program of programsOf(scenario, settings, bounds, run)) {
      if (program === "settle")
        worlds = pass(worlds, isBusy ? clients : [], settings.settleSeconds * second, longest);
      else {
        const explored = explore(program.run, isLocked ? pass(worlds, clients, 0, 0) : worlds, {
          ...exploration,
          looks: program.looks && bounds.watchesReaders !== false,
        });
        states += explored.states;
        worlds = each(explored.ended, withoutTelling);
        cut.push(...explored.cut.values());
      }
      states += worlds.size;
      bounds.say?.(`run ${run}: ${worlds.size} worlds after a step, ${cut.length} cut, ${states} states`);
    }
    const pause = (pauses[run - 1] ?? 2) * hour;
    const stopped: Worlds = new Map(cut.map(withoutRun));
    const ended = each(worlds, withoutRun);
    const later = [
      ...pass(ended, clients, pause, longest).values(),
      ...pass(stopped, clients, second, longest).values(),
      ...pass(stopped, clients, pause, longest).values(),
    ];
    // Whoever was killed needs a run more.
    const going = later.filter(({ kills }) => run < runs + kills);
    begin = new Map(going.map((world) => [keyOf(world), world]));
    states += begin.size;
    bounds.end?.(later.filter(({ kills }) => run >= runs + kills));
  }
  return states;
}

function each(worlds: Worlds, change: (world: World) => [string, World]): Worlds {
  return new Map([...worlds.values()].map(change));
}

/** The steps of a run as the keeper's shell takes them. */
function programsOf(
  { retired, past }: Scenario,
  settings: Settings,
  { rules = allRules, disk = (same) => same }: Bounds,
  run: number,
): ({ readonly run: Program; readonly looks: boolean } | "settle")[] {
  const step = (job: (context: Context) => unknown, looks = true) => ({
    run: (stepped: Disk, say: (progress: string) => void) => job({ disk: disk(stepped, run), settings, say }),
    looks,
  });
  const retention = (context: Context): void => {
    if (retired === undefined) return;
    const judged = {
      path: retired,
      inode: inodeOf(worldOf({ past, clients: [] }).disk, retired),
      modified: longAgo,
    };
    takeAll(context.disk, layout, { kind: "retention" }, [judged], rules);
  };
  return [
    ...(retired === undefined ? [] : [step(retention, false)]),
    step((context) => mark(context, rules)),
    step((context) => takeLinks(context, rules)),
    "settle",
    step((context) => lookOnce(context, rules)),
    step((context) => takeBlobs(context, rules)),
    "settle",
    step((context) => lookOnce(context, rules)),
    step((context) => finish(context, undefined, rules)),
  ];
}

/** The world after all that happened long ago, when the clients have done nothing yet. */
function worldOf({ past, clients, deleted = [], retired }: Omit<Scenario, "name">): World {
  const disk = new MemoryDisk();
  disk.now = longAgo;
  const client = { request: 0, operation: 0, began: 0, refused: [] };
  const world: World = {
    disk,
    clients: [client],
    tags: new Map(),
    deleted: new Set(),
    stamp: longAgo,
    kills: 0,
    history: undefined,
  };
  while (nextOf(world, [past], 0) !== undefined) stepOf(world, [past], 0);
  const refused = world.clients[0]?.refused ?? [];
  if (refused.length > 0) throw new Error(`the past cannot be: ${refused.join(", ")}`);
  const things = deleted.map((path) => ({ path, inode: inodeOf(disk, path), modified: longAgo }));
  if (things.length > 0) takeAll(disk, layout, { kind: "delete" }, things);
  const gone = [...deleted, ...(retired === undefined ? [] : [retired])];
  for (const name of world.tags.keys()) if (gone.includes(tagPath(name))) world.tags.delete(name);
  disk.now += 100 * 24 * hour;
  return {
    ...world,
    stamp: disk.now,
    deleted: new Set(),
    clients: clients.map(() => client),
    history: undefined,
  };
}

function tagPath(name: string): string {
  const [repository = "", tag = ""] = name.split(":");
  return tagLink(layout, repository, tag);
}

function inodeOf(disk: MemoryDisk, path: string): number {
  return disk.stat(path.endsWith("/link") ? path : `${path}/data`)?.inode ?? 0;
}
