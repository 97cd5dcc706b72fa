import type { Options } from "../options";
import { Samples } from "../report";
import { costOfUp, declared, type Program, pulumi, timed } from "./program";
import { seedSteps } from "./seedSteps";
import type { Measure } from "./suite";
import { threeResources } from "./threeResources";

/** Time of `pulumi up`: nothing to do, against the least program of the same providers, and from nothing. */
export const engine: Measure = {
  name: "engine",
  async run(bench) {
    const { options, folder, say } = bench;
    const samples = new Samples();
    const stacks: Program[] = [];
    try {
      const three = await threeResources(folder, "least", false);
      const unchecked = await threeResources(folder, "least-unchecked", true);
      stacks.push(three, unchecked);
      const one = await declared(bench, "bench-one", 1);
      stacks.push(one);
      for (let round = 0; round < options.coldRounds; round++) {
        say(`up from nothing: round ${round + 1} of ${options.coldRounds}`);
        if (round > 0) await pulumi(one, "destroy");
        samples.add("coldUp", "seed", await seedSteps(folder, round));
        samples.add("coldUp", "ours", await timed(() => pulumi(one, "up")));
      }
      const many = await declared(bench, "bench-many", options.manyUsers);
      stacks.push(many);
      say(`up of the least program, and of one with ${options.manyUsers} users`);
      await Promise.all([three, unchecked, many].map((program) => pulumi(program, "up")));
      for (let round = 0; round < options.upRounds; round++) {
        say(`up with nothing to do: round ${round + 1} of ${options.upRounds}`);
        for (const [target, program] of Object.entries({
          least: three,
          leastUnchecked: unchecked,
          ours: one,
        })) {
          const { seconds, cpu } = await costOfUp(program);
          samples.add("noOpUp", target, seconds);
          samples.add("noOpUpCpu", target, cpu);
          if (program === one)
            samples.add("manyUsersUp", "ours", (await timed(() => pulumi(many, "up"))) - seconds);
        }
      }
    } finally {
      await Promise.all(stacks.map((stack) => stack.remove()));
    }
    return samples.metrics(described(options));
  },
};

const described = ({ manyUsers }: Options) => [
  {
    name: "coldUp",
    title: "`pulumi up` from nothing, beside the steps of the recipe",
    unit: "s",
    goals: [{ over: "seed", atMost: 4 }],
  },
  {
    name: "noOpUp",
    title: "`pulumi up` with nothing to do, beside the least program",
    unit: "s",
    goals: [
      { over: "least", atMost: 1.5 },
      { over: "leastUnchecked", atMost: 1.5 },
    ],
  },
  {
    name: "noOpUpCpu",
    title: "The same, CPU of engine, program and providers",
    unit: "s",
    goals: [{ over: "leastUnchecked", atMost: 1.5 }],
  },
  {
    name: "manyUsersUp",
    title: `The same with ${manyUsers} users, longer by`,
    unit: "s",
    goals: [{ atMost: 2 }],
  },
];
