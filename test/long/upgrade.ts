import { clientsOf } from "../support/faults/clients";
import { nobody } from "../support/faults/fault";
import { checkOut, type Step, stepsFrom } from "../support/upgrade/steps";
import { servesEverything } from "../support/walk/invariants";
import { longOptions, runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { begin, closeWorld, openWorld } from "../support/walk/stack";
import type { World } from "../support/walk/world";

/** The last commit of the version before this one. */
const before = "a6fd678";

/** Upgrades of everything under a registry and of the library itself, while clients pull and push; and each way back. */
runLong(async (args) => {
  const { keep, goOn } = longOptions(args, { seed: "1", steps: 1 });
  const world = await openWorld("upgrade");
  const { commit } = world.clone;
  const gaps: number[] = [];
  let broken = 0;
  try {
    await checkOut(world, before);
    await begin(world, say);
    for (const step of stepsFrom(before, commit)) {
      const { problem, line, gap } = await take(world, step);
      say(line);
      gaps.push(gap);
      if (problem === undefined) continue;
      broken++;
      say(world.log);
      if (!goOn) break;
    }
  } finally {
    if (!keep) await closeWorld(world);
  }
  const found = broken === 0 ? "nothing lost" : `${broken} not so`;
  noteProof(
    "upgrade",
    commit,
    `${gaps.length} upgrades and ways back, ${found}; longest gap ${Math.max(...gaps).toFixed(1)} s`,
  );
  return broken === 0 ? 0 : 1;
});

async function take(world: World, step: Step): Promise<{ line: string; gap: number; problem?: string }> {
  world.log = "";
  let [count, gap] = [0, 0];
  const nextTag = () => `${Date.now().toString(36)}-${count++}`;
  const attempt = async () => {
    await step.prepare?.(world);
    await servesEverything(world, []);
    world.outages.reset();
    const clients = clientsOf(world, nextTag);
    try {
      await step.act(world);
      await servesEverything(world, []);
    } finally {
      gap = world.outages.longest();
      const { wrong, failures } = await clients.stop();
      const strange = wrong[0] ?? failures.find((each) => !nobody.test(each));
      if (strange !== undefined) world.log += `a client saw: ${strange}\n`;
      count = failures.length;
      if (wrong.length > 0) world.log += "WRONG\n";
    }
    await servesEverything(world, []);
    const { status } = await world.npm("pulumi", "preview", "--expect-no-changes");
    if (status !== 0) throw new Error("the next preview is not empty");
    if (/^(a client saw|WRONG)/m.test(world.log)) throw new Error("a client saw what it must not");
  };
  const problem = await attempt().then(
    () => undefined,
    (error) => String(error),
  );
  const kept = problem === undefined ? "" : `  NOT SO: ${problem}`;
  return {
    line: `${step.name}: gap ${gap.toFixed(1)} s${kept}`,
    gap,
    ...(problem !== undefined && { problem }),
  };
}
