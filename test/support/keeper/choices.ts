import { type Clash, clashOf, collide, isClash } from "./clashes";
import type { Operation, Request } from "./registryClient";
import type { Event } from "./steppedDisk";
import type { Client, World } from "./world";

/** What happens next: a step of a client, or the call of the collector. */
export type Choice = number | "go";

/** A step that a client took before the call that comes next. */
export interface Taken {
  readonly client: number;
  readonly operation: Operation;
  /** Whether it clashes with the call. */
  readonly matters: boolean;
}

/** All operations of a client's requests in one list, with the place where each request begins. */
interface Script {
  readonly operations: readonly Operation[];
  readonly begins: readonly number[];
}

const onlyGo: readonly Choice[] = ["go"];

/*
 * Why orders may be left out. The collector's next event never waits for a client, so that a step of a client can always
 * come later than it did; and if it does not clash with the event, both orders lead to the same world. So a step is tried
 * before an event only if it clashes with it, or if a step that does cannot come without it: an earlier one of the same
 * client, or one of the other that it collides with. Every other step is tried before a later event, or in the pass of
 * time that ends each run, in which all orders are tried. What must never be is found all the same:
 *
 * - What is lost, in no place and in no trash, the collector cannot bring back. Only a client's writing ends it, and as
 *   long as that comes as late as it can, the loss is seen.
 * - At the end of a step, a file is missing for a tag that was noted when the step began to mark. The noting is an event
 *   like others, with which the steps clash that make and remove tags; and a client that comes later mends less.
 * - A request that begins later may take longer, so that its deadline leaves out nothing.
 *
 * The tests of the model try all orders where these are few, and compare the worlds in the end.
 */

/** Tells what may happen next. What it finds out of each call it keeps, as that is asked for again and again. */
export class Choices {
  private readonly scripts: readonly Script[];
  private readonly known = new Map<string, readonly (readonly Clash[])[] | "aside">();
  /** By clients and steps: whether the two collide. */
  private readonly collisions: readonly (readonly (readonly (readonly boolean[])[])[])[];

  constructor(
    scripts: readonly (readonly Request[])[],
    private readonly everyOrder: boolean,
  ) {
    this.scripts = scripts.map(scriptOf);
    this.collisions = this.scripts.map((one) =>
      one.operations.map((step) =>
        this.scripts.map((other) => (other === one ? [] : other.operations.map((its) => collide(step, its)))),
      ),
    );
  }

  /** What may happen before a call, after what did. */
  before(world: World, event: Event, block: readonly Taken[]): readonly Choice[] {
    if (this.everyOrder) return this.all(world);
    const clashes = this.clashesOf(event);
    // The keeper's own files are nobody else's, and most calls are nobody's business.
    if (clashes === "aside") return onlyGo;
    const places = this.scripts.map((script, index) => placeOf(script, world.clients[index]));
    const ends = this.usefulEnds(world, clashes, places);
    const last = block.at(-1);
    const choices: Choice[] = mayFollow(block) ? ["go"] : [];
    for (const [index, { operations }] of this.scripts.entries()) {
      const place = places[index] ?? 0;
      const operation = place < (ends[index] ?? 0) ? operations[place] : undefined;
      if (operation === undefined) continue;
      // Of two orders of steps that do not collide, that with the first client first stands for both.
      const isSecond = last !== undefined && index < last.client && !collide(last.operation, operation);
      if (!isSecond) choices.push(index);
    }
    return choices;
  }

  private all({ clients }: World): readonly Choice[] {
    const going = this.scripts.flatMap((script, index) =>
      placeOf(script, clients[index]) < script.operations.length ? [index] : [],
    );
    return ["go", ...going];
  }

  private clashesOf(event: Event): readonly (readonly Clash[])[] | "aside" {
    const known = this.known.get(event.text);
    if (known !== undefined) return known;
    const clashes = this.scripts.map(({ operations }) => operations.map((each) => clashOf(event, each)));
    const found = clashes.flat().every((clash) => clash === false) ? "aside" : clashes;
    this.known.set(event.text, found);
    return found;
  }

  /** Up to where the steps of each client matter before a call: one that clashes with it, or collides with such a step. */
  private usefulEnds(
    { disk }: World,
    clashes: readonly (readonly Clash[])[],
    places: readonly number[],
  ): number[] {
    const ends = places.map((place, index) => {
      const ofClient = clashes[index] ?? [];
      let end = ofClient.length;
      while (end > place && !isClash(disk, ofClient[end - 1])) end -= 1;
      return end;
    });
    if (ends.every((end, index) => end === places[index])) return ends;
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (const [index, { operations }] of this.scripts.entries()) {
        let end = operations.length;
        while (end > (ends[index] ?? 0) && !this.collides(index, end - 1, places, ends)) end -= 1;
        if (end === ends[index]) continue;
        ends[index] = end;
        isMore = true;
      }
    }
    return ends;
  }

  /** Whether a step collides with one of those steps of others. */
  private collides(client: number, step: number, from: readonly number[], to: readonly number[]): boolean {
    const ofStep = this.collisions[client]?.[step] ?? [];
    for (let other = 0; other < ofStep.length; other++) {
      const its = ofStep[other] ?? [];
      const end = Math.min(to[other] ?? 0, its.length);
      for (let at = from[other] ?? 0; at < end; at++) if (its[at]) return true;
    }
    return false;
  }
}

/** Whether each client's last step in a block matters to what follows it; else it is tried after the call. */
function mayFollow(block: readonly Taken[]): boolean {
  return block.every(({ client, operation, matters }, place) => {
    const later = block.slice(place + 1);
    return matters || later.some((taken) => taken.client === client || collide(taken.operation, operation));
  });
}

function scriptOf(requests: readonly Request[]): Script {
  const operations = requests.flatMap((request) => request.operations);
  const begins = requests.map((_, index) =>
    requests.slice(0, index).reduce((sum, earlier) => sum + earlier.operations.length, 0),
  );
  return { operations, begins };
}

function placeOf({ operations, begins }: Script, client: Client | undefined): number {
  const begin = client && begins[client.request];
  return client === undefined || begin === undefined ? operations.length : begin + client.operation;
}
