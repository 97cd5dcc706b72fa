import { basic, type Target } from "../targets/target";
import { Connection } from "./connection";

/** What a right user saw over some time. */
export interface Series {
  /** Good answers in each whole second. */
  readonly rates: readonly number[];
  /** Seconds that each answer took. */
  readonly latencies: readonly number[];
  readonly failures: number;
}

/** Asks for `/v2/` on some connections for some seconds, as fast as answers come. */
export async function series(target: Target, connections: number, seconds: number): Promise<Series> {
  const began = performance.now();
  const rates = Array.from({ length: seconds }, () => 0);
  const latencies: number[] = [];
  let failures = 0;
  const authorization = basic(target.user ?? "nobody:nothing");
  const loop = async () => {
    const connection = new Connection(target);
    while (performance.now() - began < seconds * 1000) {
      const asked = performance.now();
      const status = await connection.ask(authorization);
      const now = performance.now();
      const second = Math.floor((now - began) / 1000);
      if (status !== 200) failures++;
      else if (second < seconds) rates[second] = (rates[second] ?? 0) + 1;
      latencies.push((now - asked) / 1000);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { rates, latencies, failures };
}

export interface Flood {
  readonly attempts: number;
  /** Answers by status; 0 stands for none until the end. */
  readonly statuses: { readonly [status: number]: number };
}

/** Connections that are open: each has had one good answer. */
export async function opened(target: Target, count: number): Promise<Connection[]> {
  const connections = Array.from({ length: count }, () => new Connection(target));
  await Promise.all(connections.map((connection) => connection.ask(basic(target.user ?? ""))));
  return connections;
}

/** Tries wrong passwords for some seconds, every one another, at a steady pace, and closes the connections. */
export async function flood(
  connections: readonly Connection[],
  user: string,
  perSecond: number,
  seconds: number,
): Promise<Flood> {
  const began = performance.now();
  const statuses: { [status: number]: number } = {};
  let attempts = 0;
  let ended = false;
  const end = setTimeout(() => {
    ended = true;
    for (const connection of connections) connection.close();
  }, seconds * 1000);
  const loop = async (connection: Connection) => {
    while (attempts < perSecond * seconds) {
      const number = attempts++;
      const early = began + (number / perSecond) * 1000 - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      if (ended) return;
      const status = await connection.ask(basic(`${user}:wrong-${number}-${began}`));
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(connections.map(loop));
  clearTimeout(end);
  for (const connection of connections) connection.close();
  return { attempts, statuses };
}
