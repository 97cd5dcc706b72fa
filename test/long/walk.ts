import { draw } from "../support/walk/deck";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { summaryOf } from "../support/walk/summary";
import { walk } from "../support/walk/walk";

/** A random walk over every kind of change and fault; the same seed takes the same steps. */
runLong(async (args) => {
  const options = longOptions(args, { seed: "1", steps: 60 });
  const { seed, steps, until } = options;
  const replay = (count: number) => `npm run test:long -- walk --seed ${seed} --steps ${count}`;
  const progress = await walk({
    ...options,
    name: `walk-${seed}`,
    next: (number, deck, world) => draw(seed, number, deck, world),
    replay,
  });
  sayIfOver(progress.records.length, steps, until, `${replay(steps)} --resume`);
  const summary = summaryOf(progress.commit);
  say(summary);
  noteProof("walk", progress.commit, summary);
  return progress.records.some(({ violation }) => violation !== undefined) ? 1 : 0;
});
