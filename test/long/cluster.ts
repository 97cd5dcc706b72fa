import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "../../tools/shell";
import { rcloneImage, wafImage } from "../../tools/temporaryStack";
import { clusterStand, loadImages } from "../support/swarm/clusterStand";
import type { ClusterStep, ClusterWorld, Found } from "../support/swarm/clusterStep";
import { dockerClient } from "../support/swarm/dockerClient";
import { cutDuringUp, faultSteps } from "../support/swarm/faultSteps";
import { moveThereAndBack } from "../support/swarm/moveStep";
import { oneHost } from "../support/swarm/oneHost";
import { options } from "../support/swarm/optionSteps";
import { storeSteps } from "../support/swarm/storeSteps";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { randomOf } from "../support/walk/random";
import { progressFolder } from "../support/walk/walk";

const all: readonly ClusterStep[] = [...faultSteps, cutDuringUp, ...storeSteps, options, moveThereAndBack];
const file = join(progressFolder, "cluster.json");

interface Taken extends Found {
  readonly name: string;
}

/** What may happen to a cluster and what it costs, in an order by the seed; clients ask, pull and push meanwhile. */
runLong(async (args) => {
  const { seed, steps, until, resume, keep, goOn } = longOptions(args, { seed: "1", steps: all.length });
  mkdirSync(progressFolder, { recursive: true });
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const taken: Taken[] = resume ? readTaken() : [];
  const left = randomOf(seed, "cluster")
    .shuffled(all)
    .filter(({ name }) => taken.every((each) => each.name !== name));
  const stand = await clusterStand("long", 1);
  try {
    const [machine] = stand.others;
    if (machine === undefined) throw new Error("there is no machine beside the nodes");
    const host = await oneHost("cluster-host", machine);
    const [ca] = await Promise.all([
      stand.up(),
      host.up(),
      loadImages(stand.machines, [wafImage]),
      loadImages([machine], [rcloneImage]),
    ]);
    const docker = await dockerClient(machine, ca, stand.machines);
    for (const step of left.slice(0, Math.max(0, steps - taken.length))) {
      if (Date.now() >= until) break;
      const found = await takeStep(step, { stand, host, docker });
      taken.push(found);
      writeFileSync(file, JSON.stringify(taken, undefined, 2));
      if (found.problem !== undefined && !goOn) break;
    }
    docker.remove();
    host.forget();
  } finally {
    if (!keep) await stand.remove();
  }
  sayIfOver(taken.length, steps, until, `npm run test:long -- cluster --seed ${seed} --resume`);
  const problems = taken.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`${name}: ${problem}`],
  );
  const found = [...problems.map((each) => `NOT SO: ${each}`), ...taken.map((each) => each.found)];
  noteProof(
    "cluster",
    commit,
    `seed ${seed}, ${taken.length} of ${all.length} steps; requests that failed: ${found.join("; ")}`,
  );
  return problems.length === 0 ? 0 : 1;
});

async function takeStep(step: ClusterStep, world: ClusterWorld): Promise<Taken> {
  const began = Date.now();
  const found = await step.take(world).catch((error) => ({ found: step.name, problem: String(error) }));
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  say(`${found.found}  [${seconds} s]${found.problem === undefined ? "" : `\n  NOT SO: ${found.problem}`}`);
  return { name: step.name, ...found };
}

/** What an earlier run has found, but for problems. */
function readTaken(): Taken[] {
  const taken: Taken[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  return taken.filter(({ problem }) => problem === undefined);
}
