import { output } from "../../tools/shell";
import { complaints, stressWithClients, summaryOf } from "../support/keeperStress/withClients";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

/** Clients of every kind push and pull while collections run, one in five of them killed. */
runLong(async (args) => {
  const { seed, steps, until, keep } = longOptions(args, { seed: "1", steps: 100 });
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const result = await stressWithClients({
    seed,
    collections: steps,
    killEvery: 5,
    tags: 1500,
    port: 18720,
    say,
    until,
    keeps: keep === true,
  });
  sayIfOver(result.collections.length, steps, until, `npm run test:long -- collections --seed ${seed}`);
  const wrong = complaints(result);
  for (const complaint of wrong) say(complaint);
  const summary = `${summaryOf(result)}: ${wrong.length === 0 ? "nothing lost" : `${wrong.length} complaints`}`;
  say(summary);
  noteProof("collections", commit, summary);
  return wrong.length === 0 ? 0 : 1;
});
