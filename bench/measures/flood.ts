import { flood, opened } from "../load/series";
import { wrk } from "../load/wrk";
import { Samples } from "../report";
import { interleaved, type Measure, spent } from "./suite";

const connections = 16;
const attemptsPerSecond = 200;
const attackers = 128;

/** Right users beside somebody who tries wrong passwords, again and again: what else the machine does swings. */
export const wrongPasswords: Measure = {
  name: "flood",
  async run({ options, targets, folder, say }) {
    const samples = new Samples();
    const seconds = options.floodSeconds;
    const some = targets.filter(({ name }) => name === "ours" || name === "seed");
    await interleaved({ options, folder, say, targets: some }, "flood of wrong passwords", async (target) => {
      const calm = await wrk(target, connections, seconds);
      const attacking = await opened(target, attackers);
      const [user = ""] = (target.user ?? "").split(":");
      let beside = calm;
      let statuses: { readonly [status: number]: number } = {};
      const { cpuMs } = await spent(target, async () => {
        const flooding = flood(attacking, user, attemptsPerSecond, seconds);
        beside = await wrk(target, connections, seconds);
        ({ statuses } = await flooding);
      });
      const add = (name: string, value: number) => samples.add(name, target.name, value);
      add("floodRateKept", beside.requests / beside.seconds / (calm.requests / calm.seconds));
      add("floodP99", beside.p99 * 1000);
      add("floodCalmP99", calm.p99 * 1000);
      add("floodFailures", beside.failures);
      add("floodRefused", statuses[401] ?? 0);
      add("floodTurnedAway", statuses[429] ?? 0);
      add("floodLetIn", statuses[200] ?? 0);
      add("floodCpu", cpuMs);
    });
    const title = `Flood of ${attemptsPerSecond * seconds} wrong passwords in ${seconds} s`;
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
      { name: "floodRefused", title: `${title}, checked and refused`, unit: "" },
      { name: "floodTurnedAway", title: `${title}, turned away with 429`, unit: "" },
      { name: "floodLetIn", title: `${title}, let in`, unit: "", goals: [{ atMost: 0 }] },
      { name: "floodCpu", title: `${title}, CPU with right users`, unit: "ms" },
    ]);
  },
};
