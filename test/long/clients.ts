import { output } from "../../tools/shell";
import { matrixOf, rightsMatrix, summaryOf } from "../support/rights/matrix";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

/** Every client program at every front, where some may do this and others that. */
runLong(async (args) => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const all = matrixOf();
  const { steps, resume, until } = longOptions(args, { seed: "1", steps: all.length });
  const records = await rightsMatrix({ pairs: all.slice(0, steps), port: 18742, resume, until, say });
  sayIfOver(records.length, Math.min(steps, all.length), until, "npm run test:long -- clients --resume");
  const wrong = records.flatMap(({ complaints }) => complaints);
  for (const complaint of wrong) say(complaint);
  noteProof("clients", commit, summaryOf(records));
  return wrong.length === 0 ? 0 : 1;
});
