import { parseArgs } from "node:util";

/** After this time a long test begins nothing more, and ends with what it has. */
export const limitMinutes = 40;

export const say = (line: string) => process.stdout.write(`${line}\n`);

/** What is typed after the name of a long test. */
export function longOptions(args: readonly string[], defaults: { seed: string; steps: number }) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: defaults.seed },
      steps: { type: "string", default: String(defaults.steps) },
      resume: { type: "boolean" },
      keep: { type: "boolean" },
      "go-on": { type: "boolean" },
    },
  });
  const { seed, resume, keep, "go-on": goOn } = values;
  const steps = Number(values.steps);
  if (!/^[a-z0-9]{1,12}$/.test(seed))
    throw new Error(`--seed ${seed}: write 1 to 12 small letters or digits`);
  if (!Number.isInteger(steps) || steps < 1)
    throw new Error(`--steps ${values.steps}: write a number, 1 or more`);
  return { seed, steps, resume, keep, goOn, until: Date.now() + limitMinutes * 60_000, say };
}

/** Runs a long test, whose number is its exit code. */
export function runLong(main: (args: readonly string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}

/** Says that time was over before everything was done. */
export function sayIfOver(done: number, wanted: number, until: number, goOn: string): void {
  if (done < wanted && Date.now() >= until)
    say(`${limitMinutes} minutes are over after ${done} of ${wanted} steps; go on with: ${goOn}`);
}
