import { output } from "../../tools/shell";
import { authorization, type Target, urlOf } from "../targets/target";

export interface WrkResult {
  readonly requests: number;
  readonly seconds: number;
  /** Seconds within which 99 of 100 requests were answered. */
  readonly p99: number;
  readonly failures: number;
}

/** Asks for `/v2/` as fast as the target answers. */
export async function wrk(target: Target, connections: number, seconds: number): Promise<WrkResult> {
  const headers = Object.entries(authorization(target)).flatMap(([name, value]) => [
    "-H",
    `${name}: ${value}`,
  ]);
  const load = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "30s", "--latency"];
  const text = await output(["wrk", ...load, ...headers, `${urlOf(target)}/v2/`]);
  const [, requests, time] = /(\d+) requests in ([\d.]+\w+),/.exec(text) ?? [];
  const p99 = /99%\s+([\d.]+\w+)/.exec(text)?.[1];
  const non2xx = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
  const socket = (errors?.slice(1) ?? []).reduce((total, each) => total + Number(each), 0);
  if (requests === undefined || time === undefined) throw new Error(`wrk printed no figures:\n${text}`);
  return {
    requests: Number(requests),
    seconds: secondsOf(time),
    p99: secondsOf(p99 ?? "0s"),
    failures: non2xx + socket,
  };
}

/** wrk writes times as `12.34us`, `1.20ms`, `3.00s` or `1.02m`. */
export function secondsOf(text: string): number {
  const units: { [unit: string]: number } = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
  const [, number = "0", unit = "s"] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return Number(number) * (units[unit] ?? Number.NaN);
}
