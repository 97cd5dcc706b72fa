import type { Worlds } from "./explore";
import { Fingerprints } from "./fingerprints";
import type { Request } from "./registryClient";
import { mustNotBeLost } from "./violation";
import { copyOf, fingerprintOfWorld, keyOf, nextOf, noteEvent, stepOf } from "./world";

/**
 * Lets time pass, with any number of steps of the clients in its midst. At its end a request must be done that then
 * would have been under way for longer than it can be.
 */
export function pass(
  worlds: Worlds,
  scripts: readonly (readonly Request[])[],
  duration: number,
  longest: number,
): Worlds {
  const passed: Worlds = new Map();
  const seen = new Fingerprints();
  const open = [...worlds.values()].map((world) => {
    const copy = copyOf(world);
    copy.disk.now += duration / 2;
    return copy;
  });
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    if (!seen.add(fingerprintOfWorld(world))) continue;
    for (const index of scripts.keys()) {
      if (nextOf(world, scripts, index) === undefined) continue;
      const next = copyOf(world);
      stepOf(next, scripts, index);
      mustNotBeLost(next);
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
