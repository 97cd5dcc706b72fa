// What rules cost: a proxy without any, and one with many, side by side.
import { Agent, request } from "node:http";
import { Cgroups } from "../../bench/host/cgroups";
import { AccessAction } from "../../components/access/args";
import { accessStand, passwordOf, type Stand } from "./accessStand";

/** Processor time of a request without and with rules, in microseconds. */
export interface Cost {
  readonly without: number;
  readonly withRules: number;
}

const asked = "user-7";
const users = Array.from({ length: 1000 }, (_, n) => ({ name: `user-${n}`, groups: [`group-${n % 100}`] }));
/** The last one alone is about what is asked for. */
const access = Array.from({ length: 200 }, (_, n) => ({
  repositories: n === 199 ? ["team/*"] : [`project-${n}/**`, `team-${n}/*`],
  groups: [n === 199 ? "group-7" : `group-${n % 100}`],
  actions: [AccessAction.Pull],
}));

/**
 * One user without rules against a thousand with two hundred: what a request with a login costs the proxy, in pairs. Both
 * are asked in turn in short bursts, on new connections each time: their workers share them differently.
 */
export async function costsOfRules(ports: readonly [number, number], pairs: number): Promise<Cost[]> {
  const stands: Stand[] = [];
  try {
    for (const [index, settings] of [{ users: [{ name: asked }] }, { users, access }].entries())
      stands.push(await accessStand(`cost-${index}`, ports[index] ?? 0, settings));
    const bursts = await Promise.all(
      stands.map(async ({ proxy }, index) => burstOf(ports[index] ?? 0, await Cgroups.of([proxy]))),
    );
    const [without, withRules] = bursts as [Burst, Burst];
    await without();
    await withRules();
    const costs: Cost[] = [];
    for (let pair = 0; pair < pairs; pair++) costs.push(await pairOf(without, withRules));
    return costs;
  } finally {
    for (const stand of stands) await stand.remove();
  }
}

/** Asks so often, and answers the microseconds of a request. */
type Burst = () => Promise<number>;

async function pairOf(without: Burst, withRules: Burst): Promise<Cost> {
  const turns = 10;
  const sum = { without: 0, withRules: 0 };
  const one = async () => {
    sum.without += await without();
  };
  const other = async () => {
    sum.withRules += await withRules();
  };
  for (let turn = 0; turn < turns; turn++)
    for (const each of turn % 2 === 0 ? [one, other] : [other, one]) await each();
  return { without: sum.without / turns, withRules: sum.withRules / turns };
}

function burstOf(port: number, cgroup: Cgroups): Burst {
  const [clients, each] = [8, 25];
  return async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: clients });
    const before = cgroup.cpu();
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let time = 0; time < each; time++) await ask(port, agent);
      }),
    );
    agent.destroy();
    return (cgroup.cpu() - before) / clients / each;
  };
}

function ask(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const auth = `${asked}:${passwordOf(asked)}`;
    const headers = { Host: "registry.test" };
    const outgoing = request({
      host: "127.0.0.1",
      port,
      agent,
      auth,
      headers,
      path: "/v2/team/app/tags/list",
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      response.resume();
      response.on("error", reject);
      response.on("end", () =>
        // There is no such repository: whoever may not pull it is not told so.
        response.statusCode === 404 ? resolve() : reject(new Error(`status ${response.statusCode}`)),
      );
    });
    outgoing.end();
  });
}
