// What something costs in the proxy: without it and with it, in turn.
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
  /** Bursts with each settings in a pair, whose mean counts. Defaults to 10. */
  readonly turns?: number;
  /** Whether requests come by TLS, and what they cost the registry is in it. Defaults to false. */
  readonly whole?: boolean;
  /** What the container does beside its requests, once with each settings of a pair: it is in what they cost. */
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
export async function costsOfRules(port: number, pairs: number): Promise<Cost[]> {
  const settings = [{ users: [{ name: asked }] }, { users, access }] as const;
  // There is no such repository: whoever may not pull it is not told so.
  const [costs = []] = await costsOf(port, settings, { pairs }, async () => [
    { user: asked, path: "/v2/team/app/tags/list", status: 404 },
  ]);
  return costs;
}

/**
 * What each of some requests costs without and with other settings, in pairs. It is one proxy that gets the one and the
 * other, as two never cost the same: each reload brings new workers, and each burst new connections, which they share
 * differently.
 *
 * @param prepare Makes it ready, and answers what to ask for.
 */
export async function costsOf(
  port: number,
  settings: readonly [StandSettings, StandSettings],
  { pairs, turns = 10, whole = false, beside }: CostChoice,
  prepare: (stand: Stand) => Promise<readonly Asked[]>,
): Promise<Cost[][]> {
  const tls = whole ? { tlsPort: port + 2 } : {};
  const [without, withIt] = settings.map((each) => ({ ...each, ...tls })) as [StandSettings, StandSettings];
  const stand = await accessStand("cost", port, without);
  try {
    const asked = await prepare(stand);
    const cgroups = await Cgroups.of(whole ? [stand.proxy, stand.registry] : [stand.proxy]);
    const costs: Cost[][] = [];
    for (const what of asked) {
      const costWith = async (each: StandSettings) => {
        await stand.use(each);
        // What is opened and looked up once.
        await burst(tls.tlsPort ?? port, what, whole);
        const before = cgroups.cpu();
        for (let turn = 0; turn < turns; turn++) await burst(tls.tlsPort ?? port, what, whole);
        await beside?.(stand, each === withIt);
        return (cgroups.cpu() - before) / turns / requestsOf(what);
      };
      const found: Cost[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        const [first, second] = pair % 2 === 0 ? [without, withIt] : [withIt, without];
        const [one, other] = [await costWith(first), await costWith(second)];
        found.push(pair % 2 === 0 ? { without: one, with: other } : { without: other, with: one });
      }
      costs.push(found);
    }
    return costs;
  } finally {
    await stand.remove();
  }
}

const clients = 8;

const requestsOf = ({ each = 25 }: Asked) => clients * each;

async function burst(port: number, what: Asked, isTls: boolean): Promise<void> {
  const agent = new (isTls ? TlsAgent : Agent)({ keepAlive: true, maxSockets: clients });
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let time = 0; time < requestsOf(what) / clients; time++) await ask(port, agent, what, isTls);
    }),
  );
  agent.destroy();
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
