import { peakOf } from "../host/cgroups";
import { payload } from "../load/payload";
import { pullCrowd, push } from "../load/transfers";
import { Samples } from "../report";
import { percentile } from "../statistics";
import { type Measure, ourTargetOf, spent } from "./suite";

const crowds = [1, 4, 16, 64, 128, 256];

/** Cost against the number of pulls at the same time. */
export const scalePulls: Measure = {
  name: "scalePulls",
  async run(bench) {
    const { options, folder, say } = bench;
    const samples = new Samples();
    const target = ourTargetOf(bench);
    const blob = payload(folder, "medium", options.mediumBlob);
    await push(target, blob);
    for (let round = 0; round < options.scaleRounds; round++)
      for (const count of crowds) {
        say(`pulls at once: ${count}, round ${round + 1} of ${options.scaleRounds}`);
        let pulls: Awaited<ReturnType<typeof pullCrowd>> = [];
        let memory = 0;
        const { cpuMs, seconds } = await spent(target, async () => {
          memory = await peakOf(target.front, async () => {
            pulls = await pullCrowd(target, blob, count, folder);
          });
        });
        const bytes = pulls.length * blob.bytes;
        const point = String(count);
        samples.add("scalePullsCpu", point, cpuMs / (bytes / 1e9));
        samples.add("scalePullsRate", point, bytes / 1e6 / seconds);
        const times = pulls.map((pull) => pull.seconds);
        samples.add("scalePullsP99", point, percentile(times, 0.99));
        samples.add("scalePullsMemory", point, memory);
        samples.add("scalePullsFailures", point, pulls.filter(({ complete }) => !complete).length);
      }
    const title = `Pulls of ${options.mediumBlob / 1e6} MB at once`;
    return samples.metrics([
      { name: "scalePullsCpu", title: `${title}, CPU`, unit: "ms/GB" },
      { name: "scalePullsRate", title: `${title}, throughput`, unit: "MB/s" },
      { name: "scalePullsP99", title: `${title}, 99th percentile`, unit: "s" },
      { name: "scalePullsMemory", title: `${title}, anonymous memory of the proxy`, unit: "MB" },
      { name: "scalePullsFailures", title: `${title}, failures`, unit: "" },
    ]);
  },
};
