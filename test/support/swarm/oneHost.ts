import type { PrivateRegistryArgs } from "../../../components";
import { dockerNameOf } from "../../../components/docker/roles";
import { programStack, proxyImage, registryImage, type TestStack } from "../../../tools/temporaryStack";
import type { Target } from "../probers";
import { password, port, user } from "./clusterStand";
import type { Machine } from "./machines";

/** A registry of one host, on a machine beside the nodes: the way to it through the network is as long. */
export interface OneHost {
  readonly machine: Machine;
  /** What the next `up` is given beside what there must be. */
  args: Partial<PrivateRegistryArgs>;
  /** Name of the registry's container. */
  readonly registry: string;
  /** As a client knows it, once the first `up` has ended. */
  target(): Target;
  up(): Promise<void>;
  /** Removes what this host has of the stack; the machine goes with the others. */
  forget: TestStack["forget"];
}

/** The stack of one with its images on a disk, which is not up yet. The machine has the images of registry and proxy. */
export async function oneHost(project: string, machine: Machine): Promise<OneHost> {
  let authority = "";
  const needed: PrivateRegistryArgs = {
    hostnames: [machine.address],
    users: [{ name: "alice", password }],
    ...{ registryImage, proxyImage, keeper: { enabled: false } },
  };
  const stack = await programStack(project, () => programOf(machine.dockerHost, { ...needed, ...host.args }));
  const host: OneHost = {
    machine,
    args: {},
    registry: dockerNameOf(project, "test", "host", "registry"),
    target: () => ({ host: machine.address, port, ca: authority, user }),
    async up() {
      authority = String((await stack.up()).caCertificate);
    },
    forget: stack.forget,
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
