import { everyPair } from "./euler";
import { Violation } from "./invariants";
import { change, type Kind } from "./kind";
import { laterDirective } from "./machine";
import { frontOf, fronts } from "./settings";
import type { World } from "./world";

/** Every change of front there is, then proxy images with and without a directive, before and after it is used. */
export function frontKinds(): Kind[] {
  const way = everyPair(fronts);
  return [
    ...way.slice(1).map((to, index) => frontTo(way[index] ?? to, to)),
    ...images("nginx"),
    frontTo("nginx", "waf"),
    ...images("waf"),
  ];
}

function frontTo(from: string, to: string): Kind {
  return change(`${from} -> ${to}`, async (world) => {
    if (frontOf(world.settings) !== from) await begunAt(world, from);
    world.set({ front: to });
    return "front";
  });
}

/** After a violation the way goes on with a new stack. */
async function begunAt(world: World, front: string): Promise<void> {
  world.set({ front });
  if ((await world.up()).status !== 0) throw new Violation(`a new stack with front ${front} fails`);
  await world.readReach();
  world.outages.reset();
}

/** An image is replaced together with what only one of the two understands. */
function images(front: string): Kind[] {
  const older = (world: World) => {
    world.unset("proxySnippet");
    world.set({ proxyImage: "the older one of the front" });
    return `without ${laterDirective}`;
  };
  const newer = (world: World) => {
    world.unset("proxyImage");
    world.set({ proxySnippet: `${laterDirective} off;` });
    return `with ${laterDirective}`;
  };
  return [
    change(`${front}: the older image`, older),
    change(`${front}: upgraded, with a directive that the older one lacks`, newer),
    change(`${front}: downgraded, without the directive`, older),
  ];
}
