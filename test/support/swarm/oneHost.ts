import type { PrivateRegistryArgs } from "../../../components";
import { dockerNameOf } from "../../../components/docker/roles";
import { programStack, proxyImage, registryImage, type TestStack } from "../../../tools/temporaryStack";
import { loadImages, password } from "./clusterStand";
import type { Machine } from "./machines";

/** A registry of one host, on a machine beside the nodes: the way to it through the network is as long. */
export interface OneHost {
  /** What the next `up` is given beside what there must be. */
  args: Partial<PrivateRegistryArgs>;
  readonly stack: TestStack;
  /** Name of the registry's container. */
  readonly registry: string;
  remove(): Promise<void>;
}

/** The stack of one, which is not up yet. */
export async function oneHost(project: string, machine: Machine): Promise<OneHost> {
  await loadImages(machine, [registryImage, proxyImage]);
  const needed: PrivateRegistryArgs = {
    hostnames: [machine.address],
    users: [{ name: "alice", password }],
    ...{ registryImage, proxyImage, keeper: { enabled: false } },
  };
  const stack = await programStack(project, () => programOf(machine.dockerHost, { ...needed, ...host.args }));
  const host: OneHost = {
    args: {},
    stack,
    registry: dockerNameOf(project, "test", "host", "registry"),
    async remove() {
      await stack.stack.destroy();
      stack.forget();
    },
  };
  return host;
}

function programOf(dockerHost: string, args: PrivateRegistryArgs): string {
  return `import * as docker from "@pulumi/docker";
import { PrivateRegistry } from "./components";
const provider = new docker.Provider("alone", { host: ${JSON.stringify(dockerHost)} });
export const { caCertificate } = new PrivateRegistry("host", ${JSON.stringify(args)}, { provider });
`;
}
