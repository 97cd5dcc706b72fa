import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output } from "../../tools/shell";
import { complaints, stressWithClients, summaryOf } from "../support/keeperStress/withClients";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { progressFolder } from "../support/walk/walk";

/** A run in which nothing was lost. */
interface Part {
  readonly collections: number;
  readonly summary: string;
}

const file = join(progressFolder, "collections.json");

/**
 * Clients of every kind push and pull while collections run, one in five of them killed, and images are pushed again in the
 * very moment that they are taken. Another run begins anew.
 */
runLong(async (args) => {
  const { seed, steps, until, keep, resume } = longOptions(args, { seed: "1", steps: 100 });
  mkdirSync(progressFolder, { recursive: true });
  const parts: Part[] = resume && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const done = () => parts.reduce((sum, { collections }) => sum + collections, 0);
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const result = await stressWithClients({
    seed: parts.length === 0 ? seed : `${seed}-${parts.length + 1}`,
    collections: Math.max(1, steps - done()),
    killEvery: 5,
    tags: 1200,
    isAdverse: true,
    port: 18720,
    say,
    until,
    keeps: keep === true,
  });
  for (const { since, name, milliseconds, what } of result.lacks)
    say(`${name} was incomplete for ${milliseconds} ms from ${since}: ${what}`);
  const wrong = complaints(result);
  for (const complaint of wrong) say(complaint);
  const summary = `${summaryOf(result)}: ${wrong.length === 0 ? "nothing lost" : `${wrong.length} complaints`}`;
  say(summary);
  if (wrong.length === 0) {
    parts.push({ collections: result.collections.length, summary });
    writeFileSync(file, JSON.stringify(parts, undefined, 2));
  }
  sayIfOver(done(), steps, until, `npm run test:long -- collections --seed ${seed} --resume`);
  const all = [...parts.map((part) => part.summary), ...(wrong.length === 0 ? [] : [summary])];
  const runs = parts.length > 1 ? `${done()} collections in ${parts.length} runs: ` : "";
  noteProof("collections", commit, `${runs}${all.join("; then ")}`);
  return wrong.length === 0 ? 0 : 1;
});
