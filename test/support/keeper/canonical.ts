import type { Run } from "../../../components/keeper/program/run";
import { controlFolder, layout } from "./registryClient";
import { keyOf, type World } from "./world";

const stateFolder = `${controlFolder}/state`;

/** What of a run only tells people is no part of the state. Answers with the key as well. */
export function withoutTelling(world: World): [string, World] {
  const path = `${stateFolder}/run.json`;
  const text = world.disk.read(path);
  if (text !== undefined) {
    const run: Run = JSON.parse(text);
    const nothing = { links: 0, blobs: 0, bytes: 0 };
    const told = { unneeded: nothing, taken: nothing, givenBack: [], repositories: 0 };
    world.disk.nextInode = 0;
    world.disk.write(path, JSON.stringify({ ...run, ...told }));
  }
  return [keyOf(world), world];
}

/** After a run, or a kill, the next begins anew, so that what only its steps tell each other is no part of the state. */
export function withoutRun(world: World): [string, World] {
  const own = ["run", "status"].map((name) => `${stateFolder}/${name}.json`);
  for (const path of [...own, `${layout.trash}/clock`]) world.disk.removeFile(path);
  return [keyOf(world), world];
}
