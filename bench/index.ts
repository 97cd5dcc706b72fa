import { removeAll } from "./host/docker";
import { ramDisk, removeFolder } from "./host/ramDisk";
import { machine, versions } from "./host/versions";
import { crowd } from "./measures/crowd";
import { engine } from "./measures/engine";
import { expiry } from "./measures/expiry";
import { wrongPasswords } from "./measures/flood";
import { floors } from "./measures/floors";
import { memory } from "./measures/memory";
import { requests } from "./measures/requests";
import { scalePulls } from "./measures/scalePulls";
import { scaleRepositories } from "./measures/scaleRepositories";
import { scaleRegistries, scaleUsers } from "./measures/scaleStacks";
import type { Bench, Measure } from "./measures/suite";
import { transfers } from "./measures/transfers";
import { type Options, readOptions } from "./options";
import { writeResults } from "./output/files";
import type { Metric } from "./report";
import { resultOf } from "./report";
import { nativeTarget, plainTarget, seedTarget } from "./targets/baselines";
import { ourTarget } from "./targets/ours";

const measures: readonly Measure[] = [
  floors,
  transfers,
  requests,
  crowd,
  memory,
  expiry,
  wrongPasswords,
  engine,
];

const scaleMeasures: readonly Measure[] = [scalePulls, scaleRepositories, scaleUsers, scaleRegistries];

const began = Date.now();

function say(text: string): void {
  process.stderr.write(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${text}\n`);
}

async function measureAll(options: Options, bench: Bench) {
  const metrics: Metric[] = [];
  const failures: string[] = [];
  for (const measure of options.scale ? scaleMeasures : measures) {
    if (options.only.length > 0 && !options.only.includes(measure.name)) continue;
    // One that fails must not take the figures of the others with it.
    try {
      metrics.push(...(await measure.run(bench)));
    } catch (error) {
      failures.push(`${measure.name}: ${error instanceof Error ? error.message : error}`);
      say(`FAILED: ${failures.at(-1)}`);
    }
  }
  return { metrics, failures };
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const date = new Date().toISOString();
  // Before anything runs: the clone may change meanwhile.
  const about = await versions();
  const folder = ramDisk();
  await removeAll();
  let remove = async () => {};
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, async () => {
      await removeAll();
      removeFolder(folder);
      process.exit(1);
    });
  try {
    say("starting the baselines and ours");
    const baselines = options.scale
      ? []
      : [await seedTarget(folder), await nativeTarget(folder), await plainTarget(folder)];
    const ours = await ourTarget(folder);
    remove = () => ours.stack.remove();
    const bench = { options, targets: [...baselines, ours.target], folder, say };
    const { metrics, failures } = await measureAll(options, bench);
    const report = {
      date,
      command: ["npm run bench", ...(args.length > 0 ? ["--", ...args] : [])].join(" "),
      ...about,
      quick: options.quick,
      rounds: options.scale ? options.scaleRounds : options.rounds,
      seconds: Math.round((Date.now() - began) / 1000),
      machine: machine(),
      results: metrics.map(resultOf),
      failures,
    };
    process.stdout.write(await writeResults(report, options));
    return failures.length === 0 ? 0 : 1;
  } finally {
    await remove().catch((error) => say(`cannot remove the stack: ${error}`));
    await removeAll();
    removeFolder(folder);
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    // Not the object: an error of the engine carries all its output five times.
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  },
);
