import { createHash, randomBytes } from "node:crypto";
import { type Payload, payload } from "../load/payload";
import { pull, pullMany, push, pushMany } from "../load/transfers";
import { Samples } from "../report";
import type { Target } from "../targets/target";
import { type Bench, interleaved, type Measure, type Spent, spent } from "./suite";

const pulls = 2;

const described = [
  {
    name: "pullCpu",
    title: "Pull of one large blob, CPU",
    unit: "ms/GB",
    goals: [
      { over: "seed", atMost: 0.6 },
      { over: "native", atMost: 0.68 },
      { over: "nativeHttp2", atMost: 0.68 },
    ],
  },
  {
    name: "pushCpu",
    title: "Push of one large blob, CPU",
    unit: "ms/GB",
    goals: [
      { over: "seed", atMost: 0.75 },
      { over: "native", atMost: 1.02 },
      { over: "nativeHttp2", atMost: 1.02 },
    ],
  },
  { name: "pullRate", title: "Pull of one large blob, throughput", unit: "MB/s" },
  { name: "pushRate", title: "Push of one large blob, throughput", unit: "MB/s" },
  { name: "smallPullCpu", title: "Pull of a 64 KiB blob, CPU", unit: "ms" },
  { name: "smallPushCpu", title: "Push of a 64 KiB blob, CPU", unit: "ms" },
  { name: "smallPullRate", title: "Pulls of 64 KiB blobs, one connection", unit: "1/s" },
  { name: "smallPushRate", title: "Pushes of 64 KiB blobs, four connections", unit: "1/s" },
];

/** Pushes and pulls of one large blob and of many small ones. */
export const transfers: Measure = {
  name: "transfers",
  async run(bench) {
    const { options, folder } = bench;
    const samples = new Samples();
    const large = payload(folder, "large", options.largeBlob);
    await interleaved(bench, "transfers", async (target) => {
      await largeBlob(target, large, samples);
      if (target.name === "native")
        await largeBlob({ ...target, name: "nativeHttp2", http2: true }, large, samples);
      await smallBlobs(target, bench, samples);
    });
    return samples.metrics(described);
  },
};

async function largeBlob(target: Target, blob: Payload, samples: Samples): Promise<void> {
  const add = (what: string, bytes: number, { cpuMs, seconds }: Spent) => {
    samples.add(`${what}Cpu`, target.name, cpuMs / (bytes / 1e9));
    samples.add(`${what}Rate`, target.name, bytes / 1e6 / seconds);
  };
  add("push", blob.bytes, await spent(target, () => push(target, blob)));
  const pulling = async () => {
    for (let time = 0; time < pulls; time++) await pull(target, blob);
  };
  add("pull", blob.bytes * pulls, await spent(target, pulling));
}

async function smallBlobs(target: Target, { options, folder }: Bench, samples: Samples): Promise<void> {
  const blobs = new Map<string, Buffer>();
  for (let count = 0; count < options.smallBlobs; count++) {
    const bytes = randomBytes(options.smallBlob);
    blobs.set(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, bytes);
  }
  const add = (what: string, { cpuMs, seconds }: Spent) => {
    samples.add(`${what}Cpu`, target.name, cpuMs / blobs.size);
    samples.add(`${what}Rate`, target.name, blobs.size / seconds);
  };
  add("smallPush", await spent(target, () => pushMany(target, blobs)));
  add("smallPull", await spent(target, () => pullMany(target, [...blobs.keys()], folder)));
}
