import { payload } from "../load/payload";
import { pullCrowd, push } from "../load/transfers";
import { Samples } from "../report";
import { percentile } from "../statistics";
import { interleaved, type Measure, spent } from "./suite";

/** Many pulls at once. */
export const crowd: Measure = {
  name: "crowd",
  async run(bench) {
    const { options, folder } = bench;
    const samples = new Samples();
    const blob = payload(folder, "medium", options.mediumBlob);
    const targets = bench.targets.filter(({ name }) => name !== "plain");
    for (const target of targets) await push(target, blob);
    await interleaved({ ...bench, targets }, `${options.crowd} pulls at once`, async (target) => {
      let pulls: Awaited<ReturnType<typeof pullCrowd>> = [];
      const { cpuMs } = await spent(target, async () => {
        pulls = await pullCrowd(target, blob, options.crowd, folder);
      });
      const times = pulls.map(({ seconds }) => seconds);
      samples.add("crowdP99", target.name, percentile(times, 0.99));
      samples.add("crowdMedian", target.name, percentile(times, 0.5));
      samples.add("crowdFailures", target.name, pulls.filter(({ complete }) => !complete).length);
      samples.add("crowdCpu", target.name, cpuMs / ((pulls.length * blob.bytes) / 1e9));
    });
    const title = `${options.crowd} pulls of ${options.mediumBlob / 1e6} MB at once`;
    return samples.metrics([
      {
        name: "crowdP99",
        title: `${title}, 99th percentile`,
        unit: "s",
        goals: [{ over: "native", atMost: 1 }],
      },
      { name: "crowdMedian", title: `${title}, median`, unit: "s" },
      { name: "crowdFailures", title: `${title}, failures`, unit: "", goals: [{ atMost: 0 }] },
      { name: "crowdCpu", title: `${title}, CPU`, unit: "ms/GB" },
    ]);
  },
};
