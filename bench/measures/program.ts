import { output } from "../../tools/shell";
import { type InfraStack, infraStack } from "../../tools/temporaryStack";
import { freePort } from "../host/ports";
import { subfolder } from "../host/ramDisk";
import type { Bench } from "./suite";

/** A program that the engine can bring up from its folder. */
export interface Program {
  readonly cli: InfraStack["cli"];
  remove(): Promise<void>;
}

/** The shipped program with some users, a tenth of them with passwords of their own. */
export async function declared({ folder }: Bench, name: string, count: number): Promise<Program> {
  const users = Array.from({ length: count }, (_, number) => `user-${number}`);
  const own = users.slice(0, Math.floor(count / 10)).map((user) => [`password-${user}`, `of-${user}`]);
  return infraStack(name, {
    hostnames: ["localhost"],
    bindAddress: "127.0.0.1",
    port: await freePort(),
    storage: { hostPath: subfolder(folder, `${name}-data`) },
    users: users.map((user) => ({ name: user })),
    ...Object.fromEntries(own),
  });
}

/** As a person runs it: the Automation API would add questions of its own. */
export async function pulumi({ cli }: Program, command: "up" | "destroy"): Promise<void> {
  await output(commandOf(command), cli);
}

function commandOf(command: "up" | "destroy"): string[] {
  return ["pulumi", command, "--yes", "--skip-preview", "--non-interactive", "--color", "never"];
}

/** What an `up` costs. The shell adds up the processor time of the engine and of all that it starts. */
export async function costOfUp({ cli }: Program): Promise<{ seconds: number; cpu: number }> {
  const began = performance.now();
  const text = await output(["sh", "-c", '"$@" >&2 && times', "sh", ...commandOf("up")], cli);
  const seconds = (performance.now() - began) / 1000;
  const [user = 0, system = 0] = [...(text.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  return { seconds, cpu: user + system };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
