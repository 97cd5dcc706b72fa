import { Connection } from "../load/connection";
import { wrk } from "../load/wrk";
import { type Metric, Samples } from "../report";
import { basic, type Target } from "../targets/target";
import { interleaved, type Measure, spent } from "./suite";

const connectionCounts = [1, 16, 128];

/** Authenticated `GET /v2/`. */
export const requests: Measure = {
  name: "requests",
  async run(bench) {
    const samples = new Samples();
    await interleaved(bench, "requests", async (target) => {
      await warmUp(target);
      for (const connections of connectionCounts) {
        let result = { requests: 0, seconds: 0, p99: 0, failures: 0 };
        const { cpuMs } = await spent(target, async () => {
          result = await wrk(target, connections, bench.options.requestSeconds);
        });
        samples.add(`requestCpu${connections}`, target.name, (cpuMs * 1000) / Math.max(1, result.requests));
        samples.add(`requestRate${connections}`, target.name, result.requests / result.seconds);
        samples.add(`requestP99${connections}`, target.name, result.p99 * 1000);
        samples.add("requestFailures", target.name, result.failures);
      }
    });
    return samples.metrics(connectionCounts.flatMap(described).concat(failures));
  },
};

/** A verdict that is remembered, by each worker, is a target's good right; its share of so short a time is not. */
async function warmUp(target: Target): Promise<void> {
  const connections = Array.from({ length: 16 }, () => new Connection(target));
  await Promise.all(connections.map((connection) => connection.ask(basic(target.user ?? ""))));
  for (const connection of connections) connection.close();
}

const failures: Omit<Metric, "samples"> = {
  name: "requestFailures",
  title: "GET /v2/, requests that failed",
  unit: "",
  goals: [{ atMost: 0 }],
};

function described(connections: number): Omit<Metric, "samples">[] {
  const goals = [
    { over: "seed", atMost: 1 / 8 },
    { over: "plain", atMost: 1.8 },
  ];
  const title = `GET /v2/ with login, ${connections} connection${connections === 1 ? "" : "s"}`;
  return [
    {
      name: `requestCpu${connections}`,
      title: `${title}, CPU`,
      unit: "µs",
      ...(connections === 16 ? { goals } : {}),
    },
    { name: `requestRate${connections}`, title: `${title}, rate`, unit: "1/s" },
    { name: `requestP99${connections}`, title: `${title}, 99th percentile`, unit: "ms" },
  ];
}
