import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import type { Disk } from "../../../components/keeper/program/disk";
import type { Context } from "../../../components/keeper/program/job";
import { allRules, type Rules } from "../../../components/keeper/program/rules";
import type { Settings } from "../../../components/keeper/program/settings";
import { explore, type Program, pass, type Worlds } from "./explore";
import { MemoryDisk } from "./memoryDisk";
import { controlFolder, dataFolder, type Request } from "./registryClient";
import { keyOf, nextOf, stepOf, type World } from "./world";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

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
  /** Hours between the runs: the first notes, the one before the last takes, the last purges. */
  readonly pauses?: readonly number[];
  /** How long a request may take; as long as things settle, unless the scenario is about more. */
  readonly longest?: number;
}

export interface Bounds {
  /** The run, counted from 1, from which on clients do something while it runs; before that only between runs. */
  readonly busyFrom: number;
  readonly kills: number;
  readonly rules?: Rules;
  /** Changes what the collector sees or does, to break a rule that is not a decision of its code. */
  readonly disk?: (disk: Disk) => Disk;
}

/** Explores all that can happen, and answers with the number of states. @throws Violation at the first thing that must not be. */
export function exploreScenario(scenario: Scenario, bounds: Bounds): number {
  const settings = { ...modelSettings, ...scenario.settings };
  const longest = scenario.longest ?? settings.settleSeconds * second;
  const { pauses = [25, 2] } = scenario;
  const runs = pauses.length + 1;
  let states = 0;
  let begin = only(worldOf(scenario));
  for (let run = 1; run <= runs + bounds.kills && begin.size > 0; run++) {
    const killed: Worlds = new Map();
    const scripts = run < bounds.busyFrom ? [] : scenario.clients;
    let worlds = begin;
    for (const program of programsOf(settings, bounds)) {
      if (program === "settle") {
        worlds = pass(worlds, scripts, settings.settleSeconds * second, longest);
        states += worlds.size;
        continue;
      }
      const maximumKills = run < bounds.busyFrom ? 0 : bounds.kills;
      const explored = explore(program, worlds, scripts, maximumKills);
      states += explored.states;
      if (process.env.KC) console.log(run, worlds.size, "->", explored.ended.size, explored.states);
      worlds = explored.ended;
      for (const [key, world] of explored.killed) killed.set(key, world);
    }
    begin = new Map(
      [
        ...pass(worlds, scenario.clients, (pauses[run - 1] ?? 2) * hour, longest, true).values(),
        ...pass(killed, scenario.clients, 0, longest).values(),
        ...pass(killed, scenario.clients, 2 * hour, longest, true).values(),
      ].map(betweenRuns),
    );
    // Whoever was killed needs a run more.
    if (run >= runs) begin = new Map([...begin].filter(([, { kills }]) => run < runs + kills));
    states += begin.size;
  }
  return states;
}

function programsOf(
  settings: Settings,
  { rules = allRules, disk = (same) => same }: Bounds,
): (Program | "settle")[] {
  const step =
    (job: (context: Context) => unknown): Program =>
    (stepped, say) =>
      job({ disk: disk(stepped), settings, say });
  return [
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

/** What only tells, and what no step of the next run reads, is no part of what differs. */
function betweenRuns(world: World): [string, World] {
  for (const name of ["run", "status"]) world.disk.removeFile(`${controlFolder}/state/${name}.json`);
  world.run = world.disk.now;
  return [keyOf(world), world];
}

function only(world: World): Worlds {
  return new Map([[keyOf(world), world]]);
}

/** The world after all that happened long ago, when the clients have done nothing yet. */
function worldOf({ past, clients }: Scenario): World {
  const disk = new MemoryDisk();
  disk.now = Date.UTC(2026, 0, 1);
  const world: World = {
    disk,
    clients: [{ request: 0, operation: 0, began: 0, refused: [] }],
    tags: new Map(),
    deleted: new Set(),
    run: disk.now,
    kills: 0,
    history: undefined,
  };
  while (nextOf(world, [past], 0) !== undefined) stepOf(world, [past], 0);
  const refused = world.clients[0]?.refused ?? [];
  if (refused.length > 0) throw new Error(`the past cannot be: ${refused.join(", ")}`);
  disk.now += 100 * 24 * hour;
  const fresh = clients.map(() => ({ request: 0, operation: 0, began: 0, refused: [] }));
  return { ...world, run: disk.now, deleted: new Set(), clients: fresh, history: undefined };
}
