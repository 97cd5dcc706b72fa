import { dataRole, helperOf, labels } from "../../components/docker/roles";
import { type Inspected, inStartOrder, isServer, nameOf, roleOf } from "../containers";
import type { Context } from "../context";
import { containerType, labelsOf, networkType, type Resource, type Snapshot, volumeType } from "../state";
import { type Host, type Listed, ours } from "./look";

/** A resource that the state knows by an id of the past, and the id of what has its Docker name now. */
export interface Adoption {
  readonly resource: Resource;
  readonly id: string;
}

/** What carries our labels and is not in the state. */
export interface Strangers {
  readonly containers: readonly Inspected[];
  readonly networks: readonly Listed[];
}

/** How the Docker host differs from what the state says of it. */
export interface Findings {
  readonly adoptions: readonly Adoption[];
  /** Servers, networks and volumes that are not on the Docker host. */
  readonly missing: readonly Resource[];
  /** Jobs that have to run again. One that is gone has done its work, unless another one came after it. */
  readonly jobsToRepeat: readonly Resource[];
  /** Servers of ours that do not serve, in starting order. */
  readonly down: readonly Inspected[];
  /** Running servers of ours whose health check fails. */
  readonly unhealthy: readonly Inspected[];
  /** What the state does not know and nobody uses. */
  readonly leftovers: Strangers;
  /** What the state does not know and may be serving: running servers, and networks of such. */
  readonly strangers: Strangers;
}

/** Compares the state of a stack with the Docker host. */
export function classify(
  context: Pick<Context, "project" | "stack">,
  snapshot: Snapshot | undefined,
  host: Host,
): Findings {
  const resources = snapshot?.resources ?? [];
  const knownIds = new Set(resources.map(({ id }) => id));
  const strangers = host.containers.filter(({ Id }) => !knownIds.has(Id));
  const newNetworks = ours(host.networks, context).filter(({ id }) => !knownIds.has(id));

  const absent = absentFrom(host, resources);
  const adoptableServers = strangers.filter(isAdoptable);
  const adoptions = [
    ...adoptionsAmong(
      absent.servers,
      adoptableServers.map((each) => ({ id: each.Id, name: nameOf(each) })),
    ),
    ...adoptionsAmong(absent.networks, newNetworks),
  ];
  const adopted = new Set(adoptions.map(({ id }) => id));
  const successors = new Set(adoptions.map(({ resource }) => resource));
  const strangerNames = new Set(strangers.map(nameOf));
  const unknown = strangers.filter(({ Id }) => !adopted.has(Id));
  const unknownNetworks = newNetworks.filter(({ id }) => !adopted.has(id));
  const used = new Set(host.containers.filter(mayServe).flatMap(networkIds));
  const servers = inStartOrder(host.containers.filter(({ Id }) => knownIds.has(Id) || adopted.has(Id)));
  return {
    adoptions,
    // A resource that is about to be replaced is made again by the engine itself.
    missing: [...absent.servers, ...absent.networks, ...absent.volumes].filter(
      (resource) => !resource.pendingReplacement && !successors.has(resource),
    ),
    jobsToRepeat: absent.jobs.filter(
      // A volume can only go when no container has it: what filled it is gone as well, and has to do so again.
      (job) =>
        helperOf(roleOfResource(job))?.repeatedWith === "data"
          ? absent.volumes.some((volume) => roleOfResource(volume) === dataRole)
          : absent.volumes.length > 0 || strangerNames.has(dockerName(job)),
    ),
    down: servers.filter(isDown),
    unhealthy: servers.filter((each) => !isDown(each) && each.State.Health?.Status === "unhealthy"),
    leftovers: {
      containers: unknown.filter((each) => !mayServe(each)),
      networks: unknownNetworks.filter(({ id }) => !used.has(id)),
    },
    strangers: {
      containers: unknown.filter(mayServe),
      networks: unknownNetworks.filter(({ id }) => used.has(id)),
    },
  };
}

/** What the state has and the host has not. */
function absentFrom(host: Host, resources: readonly Resource[]) {
  // What waits for its deletion may be gone.
  const current = resources.filter((resource) => !resource.delete);
  const absent = (kind: string, there: readonly string[]) =>
    current.filter(({ type, id }) => type === kind && id !== undefined && !there.includes(id));
  const containers = absent(
    containerType,
    host.containers.map(({ Id }) => Id),
  );
  return {
    servers: containers.filter(isServerResource),
    jobs: containers.filter((resource) => !isServerResource(resource) && !resource.pendingReplacement),
    networks: absent(
      networkType,
      host.networks.map(({ id }) => id),
    ),
    volumes: absent(
      volumeType,
      host.volumes.map(({ name }) => name),
    ),
  };
}

function adoptionsAmong(
  absent: readonly Resource[],
  strangers: readonly { readonly id: string; readonly name: string }[],
): Adoption[] {
  return absent.flatMap((resource) => {
    const stranger = strangers.find(({ name }) => name === dockerName(resource));
    return stranger ? [{ resource, id: stranger.id }] : [];
  });
}

/** Its name on the Docker host. */
export function dockerName({ urn, inputs, outputs }: Resource): string {
  const name = outputs?.name ?? inputs?.name;
  return typeof name === "string" ? name : (urn.split("::").at(-1) ?? urn);
}

function roleOfResource({ inputs, outputs }: Resource): string | undefined {
  return labelsOf(outputs?.labels ?? inputs?.labels)[labels.role];
}

function isServerResource(resource: Resource): boolean {
  return isServer(roleOfResource(resource));
}

/** Not one that was created and never started: an engine that was killed leaves those. */
function isAdoptable(container: Inspected): boolean {
  return isServer(roleOf(container)) && !["created", "dead"].includes(container.State.Status);
}

function networkIds({ NetworkSettings }: Inspected): string[] {
  return Object.values(NetworkSettings.Networks).map(({ NetworkID }) => NetworkID);
}

function mayServe(container: Inspected): boolean {
  return isServer(roleOf(container)) && ["running", "paused"].includes(container.State.Status);
}

function isDown(container: Inspected): boolean {
  return container.State.Status !== "running" || isInLoop(container);
}

/** Docker restarts it time and again: most of such a time it is "restarting", and for moments "running". */
export function isInLoop({ State, RestartCount }: Inspected): boolean {
  if (State.Status === "restarting") return true;
  return State.Status === "running" && RestartCount > 2 && State.Health?.Status === "starting";
}
