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
  /** What the container does beside its requests, once for each side of a pair: it is in what they cost. */
  readonly beside?: (stand: Stand, isWithIt: boolean) => Promise<unknown>;
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
 * new connections each time: their workers share them differently. For half of the pairs they start in the other order, as
 * the way to the second one costs a little more.
 *
 * @param prepare Makes both ready, and answers what to ask for.
 */
export async function costsOf(
  ports: readonly [number, number],
  settings: readonly [StandSettings, StandSettings],
  choice: CostChoice,
  prepare: (stands: readonly Stand[]) => Promise<readonly Asked[]>,
): Promise<Cost[][]> {
  const half = { ...choice, pairs: choice.pairs / 2 };
  const first = await costsInOrder(ports, settings, half, prepare, false);
  const second = await costsInOrder(ports, settings, half, prepare, true);
  return first.map((costs, index) => [...costs, ...(second[index] ?? [])]);
}

async function costsInOrder(
  ports: readonly [number, number],
  settings: readonly [StandSettings, StandSettings],
  { pairs, turns = 10, whole = false, beside }: CostChoice,
  prepare: (stands: readonly Stand[]) => Promise<readonly Asked[]>,
  isTurned: boolean,
): Promise<Cost[][]> {
  const stands: Stand[] = [];
  const inOrder = <T>(both: readonly T[]) => (isTurned ? [...both].reverse() : both);
  try {
    for (const [index, each] of inOrder(settings).entries())
      stands.push(
        await accessStand(`cost-${index}`, ports[index] ?? 0, {
          ...each,
          ...(whole && { tlsPort: tlsPortOf(ports[index] ?? 0) }),
        }),
      );
    const asked = await prepare(inOrder(stands));
    const cgroups = await Promise.all(
      stands.map(({ proxy, registry }) => Cgroups.of(whole ? [proxy, registry] : [proxy])),
    );
    const costs: Cost[][] = [];
    for (const what of asked) {
      const sides = stands.map((stand, index) => {
        const work = beside && (() => beside(stand, (index === 1) !== isTurned));
        return sideOf(ports[index] ?? 0, cgroups[index] as Cgroups, what, whole, work);
      });
      const [without, withIt] = inOrder(sides) as [Side, Side];
      await without.burst();
      await withIt.burst();
      const found: Cost[] = [];
      for (let pair = 0; pair < pairs; pair++) found.push(await pairOf(without, withIt, turns));
      costs.push(found);
    }
    return costs;
  } finally {
    for (const stand of stands) await stand.remove();
  }
}

/** One of the two that are compared. Both answer microseconds of a processor. */
interface Side {
  /** Asks so often. */
  burst(): Promise<number>;
  /** What the container does beside that. */
  beside(): Promise<number>;
  /** Requests of a burst. */
  readonly requests: number;
}

async function pairOf(without: Side, withIt: Side, turns: number): Promise<Cost> {
  const sums = new Map([
    [without, 0],
    [withIt, 0],
  ]);
  const add = (side: Side, time: number) => sums.set(side, (sums.get(side) ?? 0) + time);
  for (let turn = 0; turn < turns; turn++)
    for (const side of turn % 2 === 0 ? [without, withIt] : [withIt, without]) add(side, await side.burst());
  for (const side of [without, withIt]) add(side, await side.beside());
  const [off, on] = [without, withIt].map((side) => (sums.get(side) ?? 0) / turns / side.requests);
  return { without: off ?? 0, with: on ?? 0 };
}

function tlsPortOf(port: number): number {
  return port + 2;
}

function sideOf(
  port: number,
  cgroup: Cgroups,
  what: Asked,
  whole: boolean,
  beside: (() => Promise<unknown>) | undefined,
): Side {
  const { each = 25 } = what;
  const clients = 8;
  const timeOf = async (work: () => Promise<unknown>) => {
    const before = cgroup.cpu();
    await work();
    return cgroup.cpu() - before;
  };
  const asking = async () => {
    const agent = new (whole ? TlsAgent : Agent)({ keepAlive: true, maxSockets: clients });
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let time = 0; time < each; time++) await ask(whole ? tlsPortOf(port) : port, agent, what, whole);
      }),
    );
    agent.destroy();
  };
  return {
    burst: () => timeOf(asking),
    beside: async () => (beside === undefined ? 0 : timeOf(beside)),
    requests: clients * each,
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
