import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloneInto } from "./clone";
import { pushOne, serves } from "./invariants";
import { createWalkMachine, findWalkMachine } from "./machine";
import { type Memory, World } from "./world";

/** The world of an interrupted walk if it is still there, else a new one whose stack does not exist yet. */
export async function openWorld(name: string, memory?: Memory): Promise<World> {
  const folder = join(tmpdir(), `private-registry-${name}`);
  const found = memory && (await findWalkMachine(name));
  if (found) return new World(found, await cloneInto(folder, name), memory);
  const machine = await createWalkMachine(name);
  (await cloneInto(folder, name)).remove();
  return new World(machine, await cloneInto(folder, name));
}

/** Takes everything away: with the machine goes its Docker daemon, and all that the stack has created there. */
export async function closeWorld(world: World): Promise<void> {
  await world.outages.stop();
  await world.machine.destroy();
  world.clone.remove();
}

/** The first `up` of a new user, and a first image. */
export async function begin(world: World, say: (line: string) => void): Promise<void> {
  const began = Date.now();
  const { status, stdout, stderr } = await world.up();
  if (status !== 0) throw new Error(`the first up failed:\n${stdout}${stderr}`);
  await world.readReach();
  await serves(world);
  await pushOne(world, "walk/app:0");
  say(`   0  a new stack  [${((Date.now() - began) / 1000).toFixed(0)} s]`);
}
