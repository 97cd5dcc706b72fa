// What something costs in the proxy: one without it and one with it, side by side.
import { Agent, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { Cgroups } from "../../bench/host/cgroups";
import { AccessAction } from "../../components/access/args";
import { accessStand, passwordOf, type Stand, type StandSettings } from "./accessStand";

/** Processor time of a request without and with it, in microseconds. */
export interface Cost {
  readonly without: number;
  readonly with: number;
}

/** What is asked for, by one user. */
export interface Asked {
  readonly user: string;
  readonly path: string;
  readonly status: number;
  /** How often in a row each of eight clients asks. Defaults to 25. */
  readonly each?: number;
}

/** How it is measured. */
export interface CostChoice {
  readonly pairs: number;
  /** Bursts of each side in a pair, whose mean counts. Defaults to 10. */
  readonly turns?: number;
  /** Whether requests come by TLS, and what they cost the registry is in it. Defaults to false. */
  readonly whole?: boolean;
}

const asked = "user-7";
const users = Array.from({ length: 1000 }, (_, n) => ({ name: `user-${n}`, groups: [`group-${n % 100}`] }));
/** The last one alone is about what is asked for. */
const access = Array.from({ length: 200 }, (_, n) => ({
  repositories: n === 199 ? ["team/*"] : [`project-${n}/**`, `team-${n}/*`],
  groups: [n === 199 ? "group-7" : `group-${n % 100}`],
  actions: [AccessAction.Pull],
}));

/** One user without rules against a thousand with two hundred: what a request with a login costs the proxy, in pairs. */
export async function costsOfRules(ports: readonly [number, number], pairs: number): Promise<Cost[]> {
  const settings = [{ users: [{ name: asked }] }, { users, access }] as const;
  // There is no such repository: whoever may not pull it is not told so.
  const [costs = []] = await costsOf(ports, settings, { pairs }, async () => [
    { user: asked, path: "/v2/team/app/tags/list", status: 404 },
  ]);
  return costs;
}

/**
 * What each of some requests costs without and with other settings, in pairs. Both are asked in turn in short bursts, on
 * new connections each time: their workers share them differently.
 *
 * @param prepare Makes both ready, and answers what to ask for.
 */
export async function costsOf(
  ports: readonly [number, number],
  settings: readonly [StandSettings, StandSettings],
  { pairs, turns = 10, whole = false }: CostChoice,
  prepare: (stands: readonly Stand[]) => Promise<readonly Asked[]>,
): Promise<Cost[][]> {
  const stands: Stand[] = [];
  try {
    for (const [index, each] of settings.entries())
      stands.push(
        await accessStand(`cost-${index}`, ports[index] ?? 0, {
          ...each,
          ...(whole && { tlsPort: tlsPortOf(ports[index] ?? 0) }),
        }),
      );
    const asked = await prepare(stands);
    const cgroups = await Promise.all(
      stands.map(({ proxy, registry }) => Cgroups.of(whole ? [proxy, registry] : [proxy])),
    );
    const costs: Cost[][] = [];
    for (const what of asked) {
      const [without, withIt] = cgroups.map((cgroup, index) =>
        burstOf(ports[index] ?? 0, cgroup, what, whole),
      ) as [Burst, Burst];
      await without();
      await withIt();
      const found: Cost[] = [];
      for (let pair = 0; pair < pairs; pair++) found.push(await pairOf(without, withIt, turns));
      costs.push(found);
    }
    return costs;
  } finally {
    for (const stand of stands) await stand.remove();
  }
}

/** Asks so often, and answers the microseconds of a request. */
type Burst = () => Promise<number>;

async function pairOf(without: Burst, withIt: Burst, turns: number): Promise<Cost> {
  const sum = { without: 0, with: 0 };
  const one = async () => {
    sum.without += await without();
  };
  const other = async () => {
    sum.with += await withIt();
  };
  for (let turn = 0; turn < turns; turn++)
    for (const each of turn % 2 === 0 ? [one, other] : [other, one]) await each();
  return { without: sum.without / turns, with: sum.with / turns };
}

function tlsPortOf(port: number): number {
  return port + 2;
}

function burstOf(port: number, cgroup: Cgroups, what: Asked, whole: boolean): Burst {
  const { each = 25 } = what;
  const clients = 8;
  return async () => {
    const agent = new (whole ? TlsAgent : Agent)({ keepAlive: true, maxSockets: clients });
    const before = cgroup.cpu();
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let time = 0; time < each; time++) await ask(whole ? tlsPortOf(port) : port, agent, what, whole);
      }),
    );
    agent.destroy();
    return (cgroup.cpu() - before) / clients / each;
  };
}

function ask(port: number, agent: Agent, { user, path, status }: Asked, isTls: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const auth = `${user}:${passwordOf(user)}`;
    const headers = { Host: "registry.test" };
    const outgoing = (isTls ? tlsRequest : request)({
      rejectUnauthorized: false,
      host: "127.0.0.1",
      port,
      agent,
      auth,
      headers,
      path,
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      response.resume();
      response.on("error", reject);
      response.on("end", () =>
        response.statusCode === status ? resolve() : reject(new Error(`status ${response.statusCode}`)),
      );
    });
    outgoing.end();
  });
}
