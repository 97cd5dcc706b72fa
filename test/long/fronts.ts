import { frontKinds } from "../support/walk/frontKinds";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { walk } from "../support/walk/walk";

/** All 20 ordered pairs of fronts, and proxy images across a directive; the images are there after each change. */
runLong(async (args) => {
  const kinds = frontKinds();
  const options = longOptions(args, { seed: "1", steps: kinds.length });
  const steps = Math.min(options.steps, kinds.length);
  const { records, commit } = await walk({
    ...options,
    name: "fronts",
    steps,
    next: (number) => {
      const kind = kinds[number - 1];
      if (kind === undefined) throw new Error(`there is no step ${number}`);
      return { kind, deck: [] };
    },
    replay: (count) => `npm run test:long -- fronts --steps ${count}`,
  });
  sayIfOver(records.length, steps, options.until, "npm run test:long -- fronts --resume");
  say("\n| Change | Gap |\n| --- | --- |");
  for (const { kind, gapSeconds, violation } of records)
    say(`| ${kind} | ${violation ?? `${gapSeconds.toFixed(1)} s`} |`);
  const broken = records.filter(({ violation }) => violation !== undefined);
  const longest = Math.max(0, ...records.map(({ gapSeconds }) => gapSeconds));
  const found =
    broken.length === 0 ? "no fault found" : `faults found: ${broken.map(({ kind }) => kind).join("; ")}`;
  noteProof("fronts", commit, `${records.length} changes, ${found}; longest gap ${longest.toFixed(1)} s`);
  return broken.length === 0 ? 0 : 1;
});
