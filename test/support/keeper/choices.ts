import { clashes, isAside } from "./clashes";
import type { Operation, Request } from "./registryClient";
import type { Call } from "./steppedDisk";
import { type Client, nextOf, type World } from "./world";

/** What happens next: a step of a client, the call of the collector, or its end. */
export type Choice = number | "go" | "kill";

/** A step that a client took before the call that comes next. */
export interface Taken {
  readonly client: number;
  readonly operation: Operation;
  /** Whether it clashes with the call. */
  readonly matters: boolean;
}

const onlyGo: readonly Choice[] = ["go"];

/** What may happen before a call, after what did. */
export function choicesOf(
  world: World,
  scripts: readonly (readonly Request[])[],
  call: Call,
  block: readonly Taken[],
): readonly Choice[] {
  // The keeper's own files are nobody else's, and most calls are nobody's business.
  if (isAside(call, scripts)) return onlyGo;
  const useful = usefulSteps(world, scripts, call);
  const last = block.at(-1);
  const clients = scripts.flatMap((_, index) => {
    const operation = useful[index] ? nextOf(world, scripts, index) : undefined;
    // Of two orders of steps that do not conflict, that with the first client first stands for both.
    const isSecond =
      last !== undefined && index < last.client && operation && !collide(last.operation, operation);
    return operation === undefined || isSecond ? [] : [index];
  });
  return mayFollow(block) ? ["go", ...clients] : clients;
}

/** How many steps of each client matter before a call: those up to one that clashes with it, or collides with such a step. */
function usefulSteps(world: World, scripts: readonly (readonly Request[])[], call: Call): number[] {
  const rest = scripts.map((script, index) => remaining(script, world.clients[index]));
  const counts = rest.map((steps) => lastIndex(steps, (step) => clashes(world.disk, call, step)) + 1);
  if (counts.every((count) => count === 0)) return counts;
  for (let before = -1, sum = 0; before !== sum; ) {
    before = sum;
    for (const [index, steps] of rest.entries()) {
      const others = rest.flatMap((other, at) => (at === index ? [] : other.slice(0, counts[at])));
      const last = lastIndex(steps, (step) => others.some((other) => collide(step, other)));
      counts[index] = Math.max(counts[index] ?? 0, last + 1);
    }
    sum = counts.reduce((one, other) => one + other, 0);
  }
  return counts;
}

/** The same for the steps of two clients as `clashes`. */
function collide(one: Operation, other: Operation): boolean {
  const reads = ({ does }: Operation) => does === "need" || does === "if" || does === "unless";
  if (reads(one) && reads(other)) return false;
  return (
    one.path === other.path || one.path.startsWith(`${other.path}/`) || other.path.startsWith(`${one.path}/`)
  );
}

function lastIndex(steps: readonly Operation[], is: (step: Operation) => boolean): number {
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index];
    if (step !== undefined && is(step)) return index;
  }
  return -1;
}

/** Whether each client's last step in a block matters to what follows it; else it is tried after the call. */
function mayFollow(block: readonly Taken[]): boolean {
  return block.every(({ client, operation, matters }, place) => {
    const later = block.slice(place + 1);
    return matters || later.some((taken) => taken.client === client || collide(taken.operation, operation));
  });
}

/** All operations of a client's requests in one list, with the place where each request begins. */
interface Flat {
  readonly operations: readonly Operation[];
  readonly begins: readonly number[];
}

const flats = new WeakMap<readonly Request[], Flat>();

function remaining(script: readonly Request[], client: Client | undefined): readonly Operation[] {
  let flat = flats.get(script);
  if (flat === undefined) {
    const operations = script.flatMap(({ operations }) => operations);
    const begins = script.map((_, request) =>
      script.slice(0, request).reduce((sum, earlier) => sum + earlier.operations.length, 0),
    );
    flat = { operations, begins };
    flats.set(script, flat);
  }
  const begin = client && flat.begins[client.request];
  return client === undefined || begin === undefined ? [] : flat.operations.slice(begin + client.operation);
}
