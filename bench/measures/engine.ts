import { output } from "../../test/support/shell";
import { type InfraStack, infraStack } from "../../test/support/stack";
import { freePort } from "../host/ports";
import { subfolder } from "../host/ramDisk";
import type { Options } from "../options";
import { Samples } from "../report";
import { seedSteps } from "./seedSteps";
import type { Bench, Measure } from "./suite";
import { threeResources } from "./threeResources";

/** A program that the engine can bring up from its folder. */
export interface Program {
  readonly cli: InfraStack["cli"];
  remove(): Promise<void>;
}

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
        const seconds = await timed(() => pulumi(one, "up"));
        samples.add("noOpUp", "least", await timed(() => pulumi(three, "up")));
        samples.add("noOpUp", "leastUnchecked", await timed(() => pulumi(unchecked, "up")));
        samples.add("noOpUp", "ours", seconds);
        samples.add("manyUsersUp", "ours", (await timed(() => pulumi(many, "up"))) - seconds);
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
    name: "manyUsersUp",
    title: `The same with ${manyUsers} users, longer by`,
    unit: "s",
    goals: [{ atMost: 2 }],
  },
];

/** The shipped program with some users, a tenth of them with passwords of their own. */
export async function declared({ folder }: Bench, name: string, count: number): Promise<Program> {
  const users = Array.from({ length: count }, (_, number) => `user-${number}`);
  const own = users.slice(0, Math.floor(count / 10)).map((user) => [`password-${user}`, `of-${user}`]);
  return infraStack(name, {
    hostnames: ["localhost"],
    bindAddress: "127.0.0.1",
    port: await freePort(),
    storage: { hostPath: subfolder(folder, `${name}-data`) },
    users: users.map((name) => ({ name })),
    ...Object.fromEntries(own),
  });
}

/** As a person runs it: the Automation API would add questions of its own. */
export async function pulumi({ cli }: Program, command: "up" | "destroy"): Promise<void> {
  const quiet = ["--yes", "--skip-preview", "--non-interactive", "--color", "never"];
  await output(["pulumi", command, ...quiet], cli);
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
