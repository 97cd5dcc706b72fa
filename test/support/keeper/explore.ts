import { type Choice, Choices, type Taken } from "./choices";
import { clashes } from "./clashes";
import { Code, type Point, type Program } from "./code";
import { Fingerprints, fingerprintOf, xor } from "./fingerprints";
import type { Request } from "./registryClient";
import { type Answer, type Call, type Event, isReading } from "./steppedDisk";
import { mustNotBeLost, mustNotBeMissing } from "./violation";
import {
  copyOf,
  fingerprintOfWorld,
  forgetDead,
  keyOf,
  nextOf,
  noteEvent,
  stepOf,
  type World,
} from "./world";

/** Worlds by their keys. */
export type Worlds = Map<string, World>;

export interface Explored {
  /** Where the step came to its end. */
  readonly ended: Worlds;
  /** Where the collector was killed in it, or stopped because it could not read something. */
  readonly cut: Worlds;
  readonly states: number;
}

export interface Exploration {
  /** The requests of each client. */
  readonly scripts: readonly (readonly Request[])[];
  readonly maximumKills: number;
  /** Whether, at the end of the step, tags that were there when it last looked must be whole. */
  readonly looks: boolean;
  /** Whether something is about something else. */
  readonly hasSubjects: boolean;
  /** Whether orders are tried as well that cannot differ from others. */
  readonly everyOrder: boolean;
}

/**
 * All that can happen while a step of the collector runs, from each of the worlds: before each of its calls, any number of
 * steps of the clients; after each call that changed something, a kill. Orders that cannot differ are tried once: a step
 * of a client is tried before a call only if it, or one that follows it there, clashes with that call.
 */
export function explore(program: Program, worlds: Worlds, exploration: Exploration): Explored {
  const search = new Search(new Code(program, exploration.hasSubjects), exploration);
  for (const start of worlds.values()) search.from(start);
  return { ended: search.ended, cut: search.cut, states: search.seen.size };
}

/** A state of the world and of the collector. */
interface State {
  readonly world: World;
  point: Point;
  /** What clients did since the last call. */
  block: readonly Taken[];
  /** Whether the last call changed something. */
  changed: boolean;
  /** The tags that there were when the step began, or when it first began to mark. */
  standing: ReadonlyMap<string, string>;
  isMarking: boolean;
  /** What is to be tried first, where more than one thing can happen. */
  choice?: Choice;
}

class Search {
  readonly ended: Worlds = new Map();
  readonly cut: Worlds = new Map();
  readonly seen = new Fingerprints();
  private readonly open: State[] = [];
  private readonly choices: Choices;
  private readonly first: Point;
  /** When it begins to mark the model notes which tags there are, and which of them are about something that is gone. */
  private readonly noting: Event;

  constructor(
    readonly code: Code,
    private readonly exploration: Exploration,
  ) {
    this.first = code.first();
    const paths = ["/current/link", ...(exploration.hasSubjects ? ["/_manifests/revisions/"] : [])];
    this.noting = { does: "note", paths, text: "note" };
    this.choices = new Choices(exploration.scripts, exploration.everyOrder);
  }

  from(start: World): void {
    const world = copyOf(start);
    const standing = new Map(this.exploration.looks ? world.tags : []);
    const point = this.first;
    this.open.push({ world, point, block: [], changed: true, standing, isMarking: false });
    for (let state = this.open.pop(); state !== undefined; state = this.open.pop()) this.follow(state);
  }

  /** Goes on from a state by the first of all choices, until what comes is known, and notes the others. */
  private follow(state: State): void {
    for (;;) {
      const met = this.meet(state);
      if (met === undefined) return;
      const next = this.code.after(state.point, met.answer);
      if (next === undefined) {
        this.code.run(state.point, met.answer, (point) => {
          state.point = point;
          return this.meet(state);
        });
        return;
      }
      state.point = next;
    }
  }

  /** All that happens before a call, and the call; undefined if that is known, or was the end. */
  private meet(state: State): { readonly answer: Answer } | undefined {
    const { world, point } = state;
    if (this.exploration.looks && point.beginsToMark && !state.isMarking) {
      if (!this.await(state, this.noting)) return undefined;
      state.isMarking = true;
      state.block = [];
      forgetDead(world);
      state.standing = new Map(world.tags);
    }
    if (point.call !== undefined) {
      return this.await(state, point.call) ? { answer: this.call(state, point.call) } : undefined;
    }
    this.end(state);
    return undefined;
  }

  /** What clients do before something happens; false if what comes then is known. */
  private await(state: State, event: Event): boolean {
    for (;;) {
      const choice = this.choose(state, event);
      if (choice === undefined || choice === "go") return choice === "go";
      this.step(state, event, choice);
    }
  }

  private choose(state: State, event: Event): Choice | undefined {
    const { world, block, choice: given } = state;
    if (given !== undefined) {
      state.choice = undefined;
      return given;
    }
    const { maximumKills } = this.exploration;
    const choices = this.choices.before(world, event, block);
    const mayKill = block.length === 0 && state.changed && world.kills < maximumKills;
    if (choices.length === 1 && !mayKill) return choices[0];
    if (!this.isNew(state, mayKill)) return undefined;
    if (mayKill) this.kill(copyOf(world));
    for (const choice of choices.slice(1)) this.open.push({ ...state, world: copyOf(world), choice });
    return choices[0];
  }

  private isNew({ world, point, block, standing, isMarking }: State, mayKill: boolean): boolean {
    const taken = block.map(({ client, matters }) => `${client}${matters}`);
    const rest = `${taken}|${mayKill}|${isMarking}|${[...standing]}`;
    return this.seen.add(xor(xor(fingerprintOfWorld(world), point.print), fingerprintOf(rest)));
  }

  private kill(world: World): void {
    world.kills += 1;
    noteEvent(world, "the collector is killed");
    this.cut.set(keyOf(world), world);
  }

  private step(state: State, event: Event, client: number): void {
    const { world } = state;
    const { scripts } = this.exploration;
    const operation = nextOf(world, scripts, client);
    if (operation === undefined) throw new Error("nothing to do");
    // Before it is done: what it writes may be what makes it matter.
    const matters = clashes(world.disk, event, operation);
    state.block = [...state.block, { client, operation, matters }];
    stepOf(world, scripts, client);
    mustNotBeLost(world);
  }

  private call(state: State, call: Call): Answer {
    const { world } = state;
    // The files of the keeper itself have no identity of their own.
    world.disk.nextInode = 0;
    const answer = call.on(world.disk);
    state.block = [];
    state.changed = !isReading(call);
    if (state.changed) {
      noteEvent(world, `collector: ${call.text}`);
      if (call.does !== "write") mustNotBeLost(world);
    }
    return answer;
  }

  private end({ world, point, standing }: State): void {
    if (point.reason !== undefined) {
      noteEvent(world, `the collection stops: ${point.reason}`);
      this.cut.set(keyOf(world), world);
      return;
    }
    const still = new Map([...standing].filter(([name, digest]) => world.tags.get(name) === digest));
    mustNotBeMissing(world, still);
    this.ended.set(keyOf(world), world);
  }
}
