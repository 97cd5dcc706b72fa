import { flood, type Series, series } from "../load/series";
import { Samples } from "../report";
import { median, percentile } from "../statistics";
import { type Measure, spent } from "./suite";

const connections = 16;
const attemptsPerSecond = 100;
/** A target that is slower than the pace gets so many seconds. */
const longest = 30;

/** Right users beside somebody who tries wrong passwords: 1,000 in ten seconds. */
export const wrongPasswords: Measure = {
  name: "flood",
  async run({ options, targets, say }) {
    const samples = new Samples();
    for (const target of targets.filter(({ name }) => name === "ours" || name === "seed")) {
      say(`flood of wrong passwords: ${target.title}`);
      const seconds = Math.max(2, Math.ceil(options.wrongAttempts / attemptsPerSecond));
      const calm = await series(target, connections, seconds);
      let beside: Series = { rates: [], latencies: [], failures: 0 };
      let attacked = { attempts: 0, statuses: {} as { readonly [status: number]: number }, seconds: 0 };
      const { cpuMs } = await spent(target, async () => {
        const flooding = flood(target, options.wrongAttempts, attemptsPerSecond, longest);
        beside = await series(target, connections, seconds);
        attacked = await flooding;
      });
      const { statuses } = attacked;
      samples.add("floodRateKept", target.name, median(beside.rates.slice(1)) / median(calm.rates.slice(1)));
      samples.add("floodP99", target.name, percentile(beside.latencies, 0.99) * 1000);
      samples.add("floodCalmP99", target.name, percentile(calm.latencies, 0.99) * 1000);
      samples.add("floodFailures", target.name, beside.failures);
      samples.add("floodSeconds", target.name, attacked.seconds);
      samples.add("floodAttempts", target.name, attacked.attempts);
      samples.add("floodLetIn", target.name, statuses[200] ?? 0);
      samples.add("floodCpu", target.name, cpuMs);
      say(`  answers to wrong passwords: ${JSON.stringify(statuses)}`);
    }
    const title = "Flood of wrong passwords";
    return samples.metrics([
      {
        name: "floodRateKept",
        title: `${title}, rate of right users kept`,
        unit: "",
        goals: [{ atLeast: 0.5 }],
      },
      { name: "floodP99", title: `${title}, right users, 99th percentile`, unit: "ms" },
      { name: "floodCalmP99", title: `${title}, the same before it`, unit: "ms" },
      { name: "floodFailures", title: `${title}, right users refused`, unit: "", goals: [{ atMost: 0 }] },
      { name: "floodSeconds", title: `${title}, time it took`, unit: "s" },
      { name: "floodAttempts", title: `${title}, attempts made`, unit: "" },
      { name: "floodLetIn", title: `${title}, let in`, unit: "", goals: [{ atMost: 0 }] },
      { name: "floodCpu", title: `${title}, CPU with right users`, unit: "ms" },
    ]);
  },
};
