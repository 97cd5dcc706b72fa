import assert from "node:assert/strict";
import { test } from "node:test";
import type { Inspected } from "../../../tools/containers";
import { classify } from "../../../tools/recovery/classify";
import type { Host } from "../../../tools/recovery/look";
import { replacementsOf } from "../../../tools/recovery/servers";
import { mended } from "../../../tools/recovery/stateFile";
import { volumeArguments } from "../../../tools/recovery/volumes";
import { networkType, type Resource, volumeType } from "../../../tools/state";
import { container, context, listed, resource, snapshot } from "../../support/dockerHost";

const network = (id: string) => resource("network", id, { type: networkType });
const volume = (role: string) => resource(role, `p-dev-main-${role}`, { type: volumeType });
const host = (containers: Inspected[], more: Partial<Host> = {}): Host => ({
  containers,
  networks: [],
  volumes: [],
  ...more,
});

/** What is found, in the ids of the state and of the Docker host. */
function found(resources: Resource[], on: Host) {
  const { adoptions, missing, jobsToRepeat, down, unhealthy, leftovers, strangers } = classify(
    context,
    snapshot(...resources),
    on,
  );
  const ids = (some: readonly { readonly id?: string }[]) => some.map(({ id }) => id);
  const containers = (some: readonly Inspected[]) => some.map(({ Id }) => Id);
  return {
    adoptions: adoptions.map((each) => [each.resource.id, each.id]),
    missing: ids(missing),
    jobsToRepeat: ids(jobsToRepeat),
    down: containers(down),
    unhealthy: containers(unhealthy),
    leftovers: [...containers(leftovers.containers), ...ids(leftovers.networks)],
    strangers: [...containers(strangers.containers), ...ids(strangers.networks)],
  };
}

const nothing = found([], host([]));

test("where state and Docker host agree there is nothing to do, and jobs that are gone have done their work", () => {
  const resources = [resource("proxy", "a"), resource("proxy-stage", "gone"), network("n"), volume("data")];
  const on = host([container("proxy", "a")], {
    networks: [listed("p-dev-main-network", "network", "n")],
    volumes: [listed("p-dev-main-data", "data")],
  });
  assert.deepEqual(found(resources, on), nothing);
});

test("servers, networks and volumes that are not there are missing", () => {
  const resources = [resource("proxy", "a"), network("n"), volume("socket")];
  assert.deepEqual(found(resources, host([])).missing, ["a", "n", "p-dev-main-socket"]);
});

test("what waits for its deletion or its replacement is not missing", () => {
  const resources = [
    resource("proxy", "a", { delete: true }),
    resource("registry", "b", { pendingReplacement: true }),
  ];
  assert.deepEqual(found(resources, host([])), nothing);
});

test("a server and a network made by others under the same name are adopted, not removed", () => {
  const on = host([container("proxy", "new")], { networks: [listed("p-dev-main-network", "network", "m")] });
  assert.deepEqual(found([resource("proxy", "old"), network("n")], on), {
    ...nothing,
    adoptions: [
      ["old", "new"],
      ["n", "m"],
    ],
  });
});

test("one that was created and never started is a leftover of a killed engine", () => {
  const on = host([container("proxy", "new", { Status: "created" })]);
  const { adoptions, missing, leftovers } = found([resource("proxy", "old")], on);
  assert.deepEqual([adoptions, missing, leftovers], [[], ["old"], ["new"]]);
});

test("unknown jobs and servers that do not run are leftovers, running servers and their networks may serve", () => {
  const on = host(
    [
      container("proxy-stage", "job"),
      container("registry", "dead", { Status: "exited" }),
      container("proxy", "lives", { networks: ["used"] }),
      container("verifier", "waits", { Status: "paused" }),
    ],
    { networks: [listed("one", "network", "used"), listed("two", "network", "idle")] },
  );
  const { leftovers, strangers } = found([], on);
  assert.deepEqual(leftovers, ["job", "dead", "idle"]);
  assert.deepEqual(strangers, ["lives", "waits", "used"]);
});

test("networks of others are never touched", () => {
  const networks = [{ ...listed("other", "network"), stack: "prod" }];
  assert.deepEqual(found([], host([], { networks })), nothing);
});

test("a job that ran again since is repeated, and so is every one that is gone with a volume", () => {
  const jobs = [resource("proxy-stage", "old"), resource("registry-prepare", "gone")];
  assert.deepEqual(found(jobs, host([container("proxy-stage", "new")])).jobsToRepeat, ["old"]);
  assert.deepEqual(found([...jobs, volume("socket")], host([])).jobsToRepeat, ["old", "gone"]);
});

test("the place of the images is marked again with its own volume alone", () => {
  const mark = resource("registry-mark", "mark");
  assert.deepEqual(found([mark, volume("socket")], host([])).jobsToRepeat, []);
  assert.deepEqual(found([mark, volume("data")], host([])).jobsToRepeat, ["mark"]);
});

test("servers that do not serve are down, in starting order, and those that restart for ever too", () => {
  const states = {
    proxy: { Status: "restarting" },
    verifier: { RestartCount: 3, Health: { Status: "starting" } },
    registry: { Status: "paused" },
  };
  const entries = Object.entries(states);
  const on = host(entries.map(([role, state]) => container(role, role, state)));
  const resources = entries.map(([role]) => resource(role, role));
  assert.deepEqual(found(resources, on), { ...nothing, down: ["registry", "verifier", "proxy"] });
});

test("a server that runs and is not healthy is only told of", () => {
  const on = host([container("proxy", "a", { RestartCount: 9, Health: { Status: "unhealthy" } })]);
  assert.deepEqual(found([resource("proxy", "a")], on), { ...nothing, unhealthy: ["a"] });
});

test("with a server the jobs of its part are made anew, but no certificate is issued and no place marked again", () => {
  const state = snapshot(
    resource("proxy-files", "1"),
    resource("proxy", "2"),
    resource("verifier", "3"),
    resource("registry-files", "4", { pendingReplacement: true }),
    resource("registry-mark", "8"),
    resource("registry", "5"),
    resource("acme-issue", "6"),
    resource("acme", "7"),
  );
  const names = (role: string, id: string) =>
    replacementsOf(container(role, id), state).map((urn) => urn.split("::").at(-1));
  assert.deepEqual(names("proxy", "2"), ["main-proxy-files", "main-proxy"]);
  assert.deepEqual(names("verifier", "3"), ["main-proxy-files", "main-verifier"]);
  assert.deepEqual(names("registry", "5"), ["main-registry"]);
  assert.deepEqual(names("acme", "7"), ["main-acme"]);
});

test("the state is mended in the engine's own terms", () => {
  const [adopted, missing, repeated] = [
    resource("proxy", "old", { pendingReplacement: true }),
    resource("registry", "gone"),
    resource("proxy-stage", "past"),
  ];
  const [socket, net] = [volume("socket"), network("n")];
  const resources = [adopted, missing, repeated, socket, net, resource("verifier", "fine")];
  const text = JSON.stringify({ version: 3, deployment: { resources, pending_operations: [{}] } });
  const differences = {
    adoptions: [
      { resource: adopted, id: "new" },
      { resource: net, id: "m" },
    ],
    missing: [missing, socket],
    jobsToRepeat: [repeated],
  };
  const { pendingReplacement, ...rest } = adopted;
  const outputs = { ...adopted.outputs, id: "new" };
  assert.deepEqual(JSON.parse(mended(text, differences)), {
    version: 3,
    deployment: {
      resources: [
        { ...rest, id: "new", outputs, initErrors: ["made by others than this stack"] },
        { ...missing, pendingReplacement: true },
        { ...repeated, pendingReplacement: true },
        socket,
        { ...net, id: "m", outputs: { ...net.outputs, id: "m" } },
        resource("verifier", "fine"),
      ],
    },
  });
});

test("a volume is made again as the state describes it", () => {
  const outputs = { ...volume("socket").outputs, driver: "local", driverOpts: { type: "nfs" } };
  assert.deepEqual(volumeArguments({ ...volume("socket"), outputs }), [
    "volume",
    "create",
    "--driver",
    "local",
    "--opt",
    "type=nfs",
    "--label",
    "private-registry.role=socket",
    "--label",
    "private-registry.instance=main",
    "p-dev-main-socket",
  ]);
});
