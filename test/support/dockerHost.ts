// What unit tests of the recovery make up: a state and a Docker host.
import type { Inspected } from "../../tools/containers";
import type { Listed } from "../../tools/recovery/look";
import { containerType, type Resource, type Snapshot } from "../../tools/state";

/** The stack that all of it belongs to. */
export const context = { project: "p", stack: "dev" };

/** A container on the Docker host. */
export function container(
  role: string,
  Id: string,
  state: Partial<Inspected["State"]> & { RestartCount?: number; networks?: string[] } = {},
): Inspected {
  const { RestartCount = 0, networks = [], ...rest } = state;
  return {
    Id,
    Name: `/p-dev-main-${role}`,
    RestartCount,
    Config: { Labels: { "private-registry.role": role, "private-registry.instance": "main" } },
    State: { Status: "running", StartedAt: "2026-01-01T00:00:00Z", ...rest },
    NetworkSettings: {
      Ports: null,
      Networks: Object.fromEntries(networks.map((id) => [id, { NetworkID: id }])),
    },
  };
}

/** A network or a volume of the stack on the Docker host. */
export function listed(name: string, role: string, id = name): Listed {
  return { id, name, role, ...context };
}

/** The same in the state: a container unless `type` says otherwise. */
export function resource(role: string, id: string, more: Partial<Resource> = {}): Resource {
  const labels = [
    { label: "private-registry.role", value: role },
    { label: "private-registry.instance", value: "main" },
  ];
  const type = more.type ?? containerType;
  const name = `p-dev-main-${role}`;
  return { urn: `urn:pulumi:dev::p::${type}::main-${role}`, type, id, outputs: { name, labels }, ...more };
}

export function snapshot(...resources: Resource[]): Snapshot {
  return { resources, pendingOperations: [] };
}
