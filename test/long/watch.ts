import { median } from "../../bench/statistics";
import { output } from "../../tools/shell";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { costsOfWatching, ratioOf } from "../support/watchCost";
import { watchedDay } from "../support/watchedDay";

/** What it costs to be watched, and whether all counters are right after a day of real programs. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const { requests, faults } = await watchedDay(18764);
  for (const fault of faults) say(fault);
  const costs = await costsOfWatching(18765, 20);
  const ratios = costs.map(ratioOf);
  const results = [
    `docker, containerd, skopeo and crane over three reloads: ${requests} requests, ${faults.length === 0 ? "every counter right" : faults.join(", ")}`,
    ...["a request", "a pull of 1 MB"].map((what, index) => {
      const [off, on] = [costs[index]?.map((cost) => cost.without), costs[index]?.map((cost) => cost.with)];
      const { ratio = 0, upper = 0 } = ratios[index] ?? {};
      return `with all of it ${what} costs ${ratio.toFixed(3)} times as much (${median(off ?? []).toFixed(0)} to ${median(on ?? []).toFixed(0)} µs of proxy and registry, 20 pairs, 95 % below ${upper.toFixed(3)})`;
    }),
  ];
  for (const result of results) say(result);
  noteProof("watch", commit, results.join("; "));
  return faults.length === 0 && ratios.every(({ ratio, upper }) => ratio <= 1.05 && upper <= 1.1) ? 0 : 1;
});
