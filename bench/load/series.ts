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
  /** Answers by status; 0 stands for a closed connection. */
  readonly statuses: { readonly [status: number]: number };
  readonly seconds: number;
}

/** Tries wrong passwords, every one another, at a steady pace as far as the target keeps up. */
export async function flood(
  target: Target,
  attempts: number,
  perSecond: number,
  limit: number,
): Promise<Flood> {
  const began = performance.now();
  const statuses: { [status: number]: number } = {};
  const [name] = (target.user ?? "").split(":");
  let next = 0;
  const loop = async () => {
    const connection = new Connection(target);
    while (next < attempts && performance.now() - began < limit * 1000) {
      const number = next++;
      const early = began + (number / perSecond) * 1000 - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const status = await connection.ask(basic(`${name}:wrong-${number}-${began}`));
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: 32 }, loop));
  return { attempts: next, statuses, seconds: (performance.now() - began) / 1000 };
}
