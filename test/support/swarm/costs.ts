// What a node of a cluster spends, against one host with its images on a disk.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Cgroups } from "../../../bench/host/cgroups";
import { median } from "../../../bench/statistics";
import { RegistryClient } from "../client";
import type { Target } from "../probers";
import { type ClusterStand, port, user } from "./clusterStand";
import { oneHost } from "./oneHost";
import { download, uploadInParts } from "./uploads";

const blobBytes = 100_000_000;

/** What is done with each blob, in this order. */
const steps = ["push", "first pull", "cached pull"] as const;
type Step = (typeof steps)[number];

/** How often each blob is pulled that a node keeps: the times differ, and this is what is promised. */
const cachedPulls = 12;

/** Processor time for a gigabyte, in milliseconds, beside what is spent at rest. */
export interface TransferCost {
  readonly step: Step;
  readonly host: number;
  readonly node: number;
  /** Median of the ratios of each pair. */
  readonly ratio: number;
}

export interface Costs {
  readonly transfers: readonly TransferCost[];
  /** Milliseconds of processor time in a second in which nobody asks, most of it for health checks: host and node. */
  readonly rest: readonly number[];
}

/**
 * Pushes and pulls blobs of 100 MB at both in turn; `pairs` of them. The one host is a machine beside the nodes: the way to
 * it through the network is as long, and costs as much.
 */
export async function costsOfCluster(stand: ClusterStand, pairs: number): Promise<Costs> {
  const [node] = stand.targets();
  const [machine] = stand.machines;
  const [alone] = stand.others;
  if (node === undefined || machine === undefined || alone === undefined)
    throw new Error("a machine is missing");
  const one = await oneHost("cluster-cost", alone);
  one.args = { keepDataOnDestroy: false };
  try {
    const { caCertificate } = await one.stack.up();
    const host: Target = { host: alone.address, port, ca: String(caCertificate), user };
    const [ofHost, ofNode] = [Cgroups.under(alone.cgroup), Cgroups.under(machine.cgroup)];
    const rest = await restOf([ofHost, ofNode]);
    const sides = [
      { target: host, cgroups: ofHost, rest: rest[0] ?? 0 },
      { target: node, cgroups: ofNode, rest: rest[1] ?? 0 },
    ];
    const found = new Map<Step, { host: number; node: number }[]>(steps.map((step) => [step, []]));
    for (let pair = 0; pair < pairs; pair++) {
      const [byHost, byNode] = await spentByBoth(sides, pair % 2 === 1);
      for (const step of steps)
        found.get(step)?.push({ host: byHost?.get(step) ?? 0, node: byNode?.get(step) ?? 0 });
    }
    return { transfers: steps.map((step) => summaryOf(step, found.get(step) ?? [])), rest };
  } finally {
    await one.remove();
  }
}

interface Side {
  readonly target: Target;
  readonly cgroups: Cgroups;
  /** What it spends at rest, in milliseconds a second. */
  readonly rest: number;
}

/** Health checks come every few seconds. */
const restSeconds = 30;

async function restOf(sides: readonly Cgroups[]): Promise<number[]> {
  const before = sides.map((each) => each.cpu());
  await sleep(restSeconds * 1000);
  return sides.map((each, index) => (each.cpu() - (before[index] ?? 0)) / 1000 / restSeconds);
}

/** In the order of `sides`; the other one begins where it is `turned`. */
async function spentByBoth(sides: readonly Side[], turned: boolean): Promise<Map<Step, number>[]> {
  const spent = [];
  for (const side of turned ? [...sides].reverse() : sides) spent.push(await spentOn(side));
  return turned ? spent.reverse() : spent;
}

async function spentOn({ target, cgroups, rest }: Side): Promise<Map<Step, number>> {
  const client = new RegistryClient(target.port, target.ca, target.host);
  const blob = randomBytes(blobBytes);
  let digest = "";
  const pull = async () => {
    const { bytes } = await download(target, "team/cost", digest);
    if (!bytes.equals(blob)) throw new Error("a pull has other bytes");
  };
  const works: { readonly [step in Step]: () => Promise<void> } = {
    push: async () => {
      digest = await uploadInParts([client], "team/cost", blob, blobBytes, user);
    },
    "first pull": pull,
    "cached pull": async () => {
      for (let count = 0; count < cachedPulls; count++) await pull();
    },
  };
  const spent = new Map<Step, number>();
  for (const step of steps) {
    const [began, before] = [performance.now(), cgroups.cpu()];
    await works[step]();
    const atRest = rest * (performance.now() - began);
    const bytes = step === "cached pull" ? cachedPulls * blobBytes : blobBytes;
    spent.set(step, ((cgroups.cpu() - before - atRest) / bytes) * 1e6);
  }
  return spent;
}

function summaryOf(
  step: Step,
  pairs: readonly { readonly host: number; readonly node: number }[],
): TransferCost {
  return {
    step,
    host: median(pairs.map(({ host }) => host)),
    node: median(pairs.map(({ node }) => node)),
    ratio: median(pairs.map(({ host, node }) => node / host)),
  };
}
