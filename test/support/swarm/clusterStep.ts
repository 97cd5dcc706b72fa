import { until } from "../../../tools/shell";
import { RegistryClient } from "../client";
import type { Target } from "../probers";
import { type ClusterStand, user } from "./clusterStand";
import type { DockerClient } from "./dockerClient";
import type { OneHost } from "./oneHost";

/** A cluster that serves, one host that does, and Docker that knows the cluster by name, on the same machine beside it. */
export interface ClusterWorld {
  readonly stand: ClusterStand;
  readonly host: OneHost;
  readonly docker: DockerClient;
}

/** What a step has found, as the row of the test says it. */
export interface Found {
  readonly found: string;
  /** What is not as it must be. */
  readonly problem?: string;
}

/** Something that is done with a cluster, after which it serves as before. */
export interface ClusterStep {
  readonly name: string;
  /** @throws Error for what nobody has thought of. */
  take(world: ClusterWorld): Promise<Found>;
}

/** Brings the cluster to other settings, beside those that it has. */
export async function change({ stand }: ClusterWorld, more: ClusterStand["args"]): Promise<void> {
  stand.args = { ...stand.args, ...more };
  await stand.up();
}

let certificates = 0;

/** Settings by which there is another certificate each time. */
export const otherCertificate = (): ClusterStand["args"] => ({
  extraSans: [`other-${++certificates}.example.com`],
});

/** The first node, as a client knows it. */
export function firstOf({ targets }: ClusterStand): Target {
  const [target] = targets();
  if (target === undefined) throw new Error("there is no node");
  return target;
}

/** A client of each node. */
export function clientsOf({ targets }: ClusterStand): RegistryClient[] {
  return targets().map(({ host, port, ca }) => new RegistryClient(port, ca, host));
}

/** Waits until each node answers. */
export async function eachServes(stand: ClusterStand): Promise<void> {
  for (const client of clientsOf(stand))
    await until("each node serves", async () => {
      const answer = await client.ask("/v2/", { user }).catch(() => undefined);
      return answer?.status === 200;
    });
}
