// What a node of a cluster spends, against one host with its images on a disk.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Cgroups } from "../../../bench/host/cgroups";
import { median } from "../../../bench/statistics";
import { RegistryClient } from "../client";
import type { Target } from "../probers";
import { user } from "./clusterStand";
import { type ClusterWorld, firstOf } from "./clusterStep";
import { timeToFirstByte, uploadInParts } from "./uploads";

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
export async function costsOfCluster({ stand, host }: ClusterWorld, pairs: number): Promise<Costs> {
  const [machine] = stand.machines;
  if (machine === undefined) throw new Error("there is no node");
  const [ofHost, ofNode] = [Cgroups.under(host.machine.cgroup), Cgroups.under(machine.cgroup)];
  const rest = await restOf([ofHost, ofNode]);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-costs-"));
  try {
    const sides = [
      { target: host.target(), cgroups: ofHost, rest: rest[0] ?? 0, folder },
      { target: firstOf(stand), cgroups: ofNode, rest: rest[1] ?? 0, folder },
    ];
    const found = new Map<Step, { host: number; node: number }[]>(steps.map((step) => [step, []]));
    for (let pair = 0; pair < pairs; pair++) {
      const [byHost, byNode] = await spentByBoth(sides, pair % 2 === 1);
      for (const step of steps)
        found.get(step)?.push({ host: byHost?.get(step) ?? 0, node: byNode?.get(step) ?? 0 });
    }
    return { transfers: steps.map((step) => summaryOf(step, found.get(step) ?? [])), rest };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Side {
  readonly target: Target;
  readonly cgroups: Cgroups;
  /** What it spends at rest, in milliseconds a second. */
  readonly rest: number;
  /** For files of its client. */
  readonly folder: string;
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

async function spentOn({ target, cgroups, rest, folder }: Side): Promise<Map<Step, number>> {
  const client = new RegistryClient(target.port, target.ca, target.host);
  const blob = randomBytes(blobBytes);
  const [file, caFile] = [join(folder, "blob"), join(folder, "ca.pem")];
  writeFileSync(file, blob);
  writeFileSync(caFile, target.ca);
  let digest = "";
  const pull = () => timeToFirstByte(target, { repository: "team/cost", digest, file }, caFile);
  const works: { readonly [step in Step]: () => Promise<unknown> } = {
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
