import { parseArgs } from "node:util";
import { limitMinutes } from "../support/walk/limits";
import { noteProof } from "../support/walk/proofs";
import { summaryOf } from "../support/walk/summary";
import { replayLine, walk } from "../support/walk/walk";

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      steps: { type: "string", default: "60" },
      resume: { type: "boolean" },
      keep: { type: "boolean" },
      "go-on": { type: "boolean" },
      only: { type: "string", multiple: true },
    },
  });
  const { seed, resume, keep, only } = values;
  if (!/^[a-z0-9]{1,12}$/.test(seed)) throw new Error(`--seed ${seed}: use 12 letters and digits at most`);
  const steps = Number(values.steps);
  if (!Number.isInteger(steps) || steps < 1)
    throw new Error(`--steps ${values.steps}: write a number of steps`);
  const until = Date.now() + limitMinutes * 60_000;
  const progress = await walk({ seed, steps, resume, keep, goOn: values["go-on"], only, until, say });
  const done = progress.records.length;
  if (done < steps && Date.now() >= until)
    say(
      `The ${limitMinutes} minutes are over after ${done} of ${steps} steps; go on with: ${replayLine(seed, steps)} --resume`,
    );
  const summary = summaryOf(progress.commit);
  say(summary);
  noteProof("walk", progress.commit, summary);
  return progress.records.some(({ violation }) => violation !== undefined) ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
