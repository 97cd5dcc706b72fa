import { change, type Kind, values } from "./kind";
import { laterDirective, variants } from "./machine";
import { ask } from "./registry";
import { frontOf, fronts, hasProxy, hasTls, placeOf, userList, usersOf, walker } from "./settings";
import type { World } from "./world";

const withProxy = (world: World) => hasProxy(world.settings);
const others = (world: World) => usersOf(world.settings).filter((name) => name !== walker.name);
const snippetOfLater = `${laterDirective} off;`;

/** Arguments but those of certificates. */
export const changes: readonly Kind[] = [
  change("front", (world, random) => {
    const from = frontOf(world.settings);
    const front = random.pick(fronts.filter((each) => each !== from));
    world.set({ front });
    return `${from} -> ${front}`;
  }),
  change(
    "users: one more",
    (world, random) => {
      const users = usersOf(world.settings);
      const name = random.pick(
        ["alice", "bob", "carol", "dave@example.com"].filter((each) => !users.includes(each)),
      );
      world.set({ users: [...userList(world.settings), { name }] });
      return name;
    },
    { fits: (world) => others(world).length < 4 },
  ),
  change(
    "users: one less",
    (world, random) => {
      const name = random.pick(others(world));
      world.set({ users: userList(world.settings).filter((each) => each.name !== name) });
      world.unset(`password-${name}`, "clientUser", "installScriptUsers");
      return name;
    },
    { fits: (world) => others(world).length > 0 },
  ),
  change(
    "password-USER",
    (world, random) => {
      const name = random.pick(others(world));
      const key = `password-${name}`;
      world.set({ users: usersOf(world.settings).map((each) => ({ name: each })) });
      if (world.settings[key] !== undefined && random.below(2) === 0) world.unset(key);
      else world.set({ [key]: `secret ${random.below(1_000_000)}` });
      return `${key} ${world.settings[key] === undefined ? "left out" : "given"}`;
    },
    { fits: (world) => others(world).length > 0 },
  ),
  change(
    "users[].passwordGeneration",
    (world, random) => {
      const name = random.pick(
        others(world).filter((each) => world.settings[`password-${each}`] === undefined),
      );
      const next = { name, passwordGeneration: 2 + random.below(1000) };
      world.set({ users: userList(world.settings).map((each) => (each.name === name ? next : each)) });
      return name;
    },
    { fits: (world) => others(world).some((name) => world.settings[`password-${name}`] === undefined) },
  ),
  values("realm", ["Another realm", "Team registry", undefined], {
    async check(world) {
      const { headers } = await ask(world.reach, "/v2/");
      const wanted = String(world.settings.realm ?? "Private Registry");
      const shown = String(headers["www-authenticate"]);
      return shown.includes(`"${wanted}"`) ? undefined : `the realm is ${shown}, not ${wanted}`;
    },
  }),
  values(
    "limits",
    [undefined, { requestsPerSecond: 500 }, { connectionsPerAddress: 100, loginsPerSecond: 50 }],
    {
      fits: withProxy,
    },
  ),
  values("timeZone", ["UTC", "Asia/Shanghai", "Europe/Berlin"]),
  values("logRotation", [undefined, { maxSize: "5m", maxFiles: 2 }, { maxSize: "7m" }]),
  values("labels", [undefined, { team: "platform" }, { team: "delivery", stage: "test" }]),
  values("registry", [
    ...[undefined, { deleteEnabled: false }, { logLevel: "debug", accessLog: true }, { cache: "none" }],
    ...[{ headers: { "X-Team": ["platform"] } }, { drainSeconds: 5, uploadPurging: false }],
  ]),
  change("registry.readOnly", (world) => {
    const isOn = isReadOnly(world);
    world.set({ registry: { readOnly: !isOn } });
    return isOn ? "off" : "on";
  }),
  values("registryConfigOverrides", [
    ...[undefined, { catalog: { maxentries: 500 } }, { storage: { delete: { enabled: true } } }],
    ...[{ health: { storagedriver: { interval: "7s" } } }, { http: { headers: { "X-Over": ["ride"] } } }],
  ]),
  values("proxySnippet", [undefined, "add_header X-From-Snippet yes always;", "keepalive_timeout 11s;"], {
    fits: withProxy,
  }),
  change(
    "proxySnippet of a directive that the older image lacks, with the newer image",
    (world) => {
      world.unset("proxyImage");
      world.set({ proxySnippet: snippetOfLater });
      return laterDirective;
    },
    { fits: (world) => withProxy(world) && world.settings.proxySnippet !== snippetOfLater },
  ),
  values("proxyServesBlobs", [false, undefined], { fits: withProxy }),
  values("registryResources", [undefined, { memoryMib: 400 }, { memoryMib: 500, cpus: 1.5 }]),
  values("proxyResources", [undefined, { memoryMib: 500 }, { cpus: 1 }], { fits: withProxy }),
  change("port", (world, random) => {
    const port = random.pick([5443, 5444, 5445, 5446].filter((each) => each !== world.settings.port));
    world.set({ port });
    return String(port);
  }),
  change("bindAddress", (world) => {
    const isOne = world.settings.bindAddress !== undefined;
    if (isOne) world.unset("bindAddress");
    else world.set({ bindAddress: world.machine.address });
    return isOne ? "all" : "one";
  }),
  values("registryImage", [undefined, variants.registry]),
  change(
    "proxyImage",
    (world) => {
      const isOlder = world.settings.proxyImage !== undefined;
      if (isOlder) world.unset("proxyImage");
      else {
        // A downgrade goes with the end of what only the newer one knows.
        if (world.settings.proxySnippet === snippetOfLater) world.unset("proxySnippet");
        world.set({ proxyImage: "the older one of the front" });
      }
      return isOlder ? "newer" : "older";
    },
    { fits: withProxy },
  ),
  values(
    "waf",
    [
      undefined,
      { paranoiaLevel: 2, detectionOnly: true },
      { anomalyThreshold: 20 },
      { bodyLimit: 1_000_000 },
    ],
    {
      fits: (world) => frontOf(world.settings) === "waf",
    },
  ),
  values("hostnames", [], {
    apply: (world) => {
      const names = [world.machine.address, "registry.test", "other.test"].slice(
        0,
        hostCount(world) === 3 ? 1 : hostCount(world) + 1,
      );
      world.set({ hostnames: names });
      return names.join(", ");
    },
    fits: (world) => !hasTls(world.settings) || world.settings.ownCertificate === undefined,
  }),
  values("clientAddress", ["192.0.2.7", undefined]),
  change("clientUser", (world, random) => {
    world.set({ clientUser: random.pick(usersOf(world.settings)) });
    return String(world.settings.clientUser);
  }),
  change("installScriptUsers", (world, random) => {
    world.set({ installScriptUsers: [random.pick(usersOf(world.settings))] });
    return String(world.settings.installScriptUsers);
  }),
  values("keepDataOnDestroy", [false, true]),
  values(
    "storage",
    [undefined, { volumeName: "walk-data-elsewhere" }, { hostPath: "/var/lib/walk-registry" }],
    {
      // Data that is not to be kept would go with the change.
      fits: (world) => world.settings.keepDataOnDestroy !== false,
    },
  ),
  change("storage.takeOwnership", (world) => {
    const { takeOwnership, ...rest } = { takeOwnership: false, ...storageOf(world) };
    world.set({ storage: takeOwnership ? rest : { ...rest, takeOwnership: true } });
    if (placeOf(world.settings) === "{}") world.unset("storage");
    return takeOwnership ? "off" : "on";
  }),
];

function hostCount(world: World): number {
  return Array.isArray(world.settings.hostnames) ? world.settings.hostnames.length : 1;
}

function storageOf(world: World): object {
  const { storage } = world.settings;
  return typeof storage === "object" && storage !== null ? storage : {};
}

export function isReadOnly({ settings }: World): boolean {
  return JSON.stringify(settings.registry ?? {}).includes('"readOnly":true');
}
