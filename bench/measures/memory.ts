import { peakOf } from "../host/cgroups";
import { payload } from "../load/payload";
import { pullCrowd, push } from "../load/transfers";
import { Samples } from "../report";
import type { Measure } from "./suite";

/** Greatest anonymous memory through a push of 1 GB and through a crowd of pulls. Once: it hardly swings. */
export const memory: Measure = {
  name: "memory",
  async run({ options, targets, folder, say }) {
    const samples = new Samples();
    const [huge, medium] = [
      payload(folder, "huge", options.hugeBlob),
      payload(folder, "medium", options.mediumBlob),
    ];
    for (const target of targets.filter(({ name }) => name !== "plain")) {
      say(`memory: ${target.title}`);
      await push(target, medium);
      let failures = 0;
      const loads: { [name: string]: () => Promise<unknown> } = {
        Push: () => push(target, huge),
        Crowd: async () => {
          const pulls = await pullCrowd(target, medium, options.bigCrowd, folder);
          failures += pulls.filter(({ complete }) => !complete).length;
        },
      };
      for (const [name, load] of Object.entries(loads)) {
        let all = 0;
        const front = await peakOf(target.front, async () => {
          all = await peakOf(target.servers, load);
        });
        samples.add(`frontMemory${name}`, target.name, front);
        samples.add(`allMemory${name}`, target.name, all);
      }
      samples.add("bigCrowdFailures", target.name, failures);
    }
    const push1 = `push of ${options.hugeBlob / 1e6} MB`;
    const pulls = `${options.bigCrowd} pulls at once`;
    const goals = [{ atMost: 64 }];
    return samples.metrics([
      { name: "frontMemoryPush", title: `Anonymous memory of the front, ${push1}`, unit: "MB", goals },
      { name: "frontMemoryCrowd", title: `Anonymous memory of the front, ${pulls}`, unit: "MB", goals },
      { name: "allMemoryPush", title: `Anonymous memory of all servers, ${push1}`, unit: "MB" },
      { name: "allMemoryCrowd", title: `Anonymous memory of all servers, ${pulls}`, unit: "MB" },
      { name: "bigCrowdFailures", title: `${pulls}, failures`, unit: "", goals: [{ atMost: 0 }] },
    ]);
  },
};
