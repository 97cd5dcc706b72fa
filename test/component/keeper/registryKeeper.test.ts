import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DescriptorCache,
  Front,
  PrivateRegistry,
  type PrivateRegistryArgs,
  RegistryDialect,
  RegistryKeeper,
  type RegistryKeeperArgs,
} from "../../../components";
import { asHelper, asLoader, asServer, folderOf, hardeningOf, namedFilesOf } from "../../support/containers";
import { declare, declareFailing } from "../../support/mocks";

const keeper = (args: RegistryKeeperArgs = {}) =>
  declare(() => new RegistryKeeper("keeper", { dataVolumeName: "data", ...args }));

const registry = (args: Partial<PrivateRegistryArgs> = {}) =>
  declare(() => new PrivateRegistry("main", { hostnames: ["registry.example.com"], ...args }));

const failing = async (args: Partial<PrivateRegistryArgs>) => {
  const program = () => new PrivateRegistry("main", { hostnames: ["registry.example.com"], ...args });
  const { message, resources } = await declareFailing(program);
  assert.deepEqual(resources, []);
  return message.split("\n").slice(1);
};

test("a keeper is two volumes, a loader, a preparation and one server", async () => {
  const { resources } = await keeper();
  assert.deepEqual(resources.map(({ type, name, parent }) => `${name} ${type} < ${parent}`).sort(), [
    "keeper private-registry:RegistryKeeper < ",
    "keeper-container docker:Container < keeper",
    "keeper-control docker:Volume < keeper",
    "keeper-files docker:Container < keeper",
    "keeper-prepare docker:Container < keeper",
    "keeper-volume docker:Volume < keeper",
  ]);
});

test("the server has no network and no rights, and writes to the images and the control volume alone", async () => {
  const { get } = await keeper({ resources: { memoryMib: 512, cpus: 1 } });
  const { inputs } = get("keeper-container");
  assert.deepEqual(hardeningOf(get("keeper-container")), asServer);
  assert.deepEqual(
    [inputs.networkMode, inputs.networksAdvanced, inputs.ports],
    ["none", undefined, undefined],
  );
  assert.deepEqual(inputs.volumes, [
    { volumeName: "data", containerPath: "/var/lib/registry" },
    { volumeName: "shop-test-keeper-control", containerPath: "/var/lib/private-registry-keeper" },
    { volumeName: "shop-test-keeper-keeper-files", containerPath: "/etc/private-registry", readOnly: true },
  ]);
  assert.deepEqual([inputs.memory, inputs.memorySwap, inputs.cpuQuota], [512, 512, 100_000]);
  assert.deepEqual([inputs.restart, inputs.wait, inputs.envs], ["always", undefined, undefined]);
  const onPath = await keeper({ dataVolumeName: undefined, dataHostPath: "/srv/registry" });
  assert.deepEqual(onPath.get("keeper-container").inputs.volumes[0], {
    hostPath: "/srv/registry",
    containerPath: "/var/lib/registry",
  });
});

test("the server starts after its files are in use, which a helper without network sees to", async () => {
  const { get } = await keeper();
  assert.deepEqual(hardeningOf(get("keeper-files")), asLoader);
  assert.deepEqual(hardeningOf(get("keeper-prepare")), asHelper);
  assert.equal(get("keeper-prepare").inputs.networkMode, "none");
  assert.ok(get("keeper-prepare").dependsOn.includes("keeper-files"));
  assert.ok(get("keeper-container").dependsOn.includes("keeper-prepare"));
});

test("the program is told times in seconds, and the loop its time of day", async () => {
  const { get } = await keeper({
    settings: { collectAt: "23:15", graceHours: 2, undoDays: 1, untaggedDays: 3 },
    uploadHours: 5,
    timeZone: "Asia/Shanghai",
  });
  const files = namedFilesOf(get("keeper-files"));
  assert.deepEqual(Object.keys(files).sort(), ["keeper.js", "localtime", "schedule", "settings.json"]);
  assert.match(
    files.schedule ?? "",
    /^COLLECT_AT='23:15'\nTIME_ZONE='Asia\/Shanghai'\nSETTLE_SECONDS='900'\nEARLY_SECONDS='3600'\nDISK_GUARD='no'\n/,
  );
  const settings = JSON.parse(files["settings.json"] ?? "");
  assert.equal(settings.dataFolder, "/var/lib/registry");
  assert.equal(settings.controlFolder, "/var/lib/private-registry-keeper");
  const { graceSeconds, settleSeconds, undoSeconds, uploadSeconds, untaggedSeconds } = settings;
  assert.deepEqual(
    [graceSeconds, settleSeconds, undoSeconds, uploadSeconds, untaggedSeconds],
    [7200, 900, 86_400, 18_000, 259_200],
  );
  const { get: usual } = await keeper();
  const { untaggedSeconds: without, ...rest } = JSON.parse(
    namedFilesOf(usual("keeper-files"))["settings.json"] ?? "",
  );
  assert.equal(without, undefined, "manifests without a tag stay");
  assert.deepEqual([rest.graceSeconds, rest.undoSeconds, rest.uploadSeconds], [86_400, 604_800, 604_800]);
});

test("a changed setting is other files for the same server", async () => {
  const [one, same, other] = [
    await keeper(),
    await keeper(),
    await keeper({ settings: { undoDays: 30 }, timeZone: "Asia/Shanghai" }),
  ];
  const folder = ({ get }: typeof one) => folderOf(get("keeper-files"));
  assert.equal(folder(one), folder(same));
  assert.notEqual(folder(one), folder(other));
  assert.deepEqual(other.get("keeper-container").inputs, one.get("keeper-container").inputs);
});

test("what a keeper of its own is told wrong is refused in one message", async () => {
  const { message, resources } = await declareFailing(
    () =>
      new RegistryKeeper("keeper", {
        settings: { collectAt: "24:00", graceHours: 0 },
        uploadHours: 0,
        resources: { memoryMib: 255 },
      }),
  );
  assert.deepEqual(message.split("\n"), [
    "keeper cannot be created:",
    "  - dataVolumeName, dataHostPath: both are given, or none; give one of them",
    '  - settings.collectAt: "24:00" is not a time of day; write one such as "03:30"',
    "  - settings.graceHours: 0 is out of range; write a whole number from 1 to 1000000",
    "  - uploadHours: 0 is out of range; write a whole number from 1 to 1000000",
    "  - resources.memoryMib: 255 is out of range; write a whole number from 256 to 67108864",
  ]);
  assert.deepEqual(resources, []);
});

test("the keeper of a registry has its images, and its server comes after the front answers", async () => {
  const { get } = await registry({ storage: { volumeName: "old" }, keeperResources: { memoryMib: 300 } });
  const { inputs, dependsOn } = get("main-keeper-container");
  assert.deepEqual(inputs.volumes[0], { volumeName: "old", containerPath: "/var/lib/registry" });
  assert.equal(inputs.memory, 300);
  assert.equal(inputs.image, "sha256:node:22.22.0-bookworm-slim");
  assert.ok(dependsOn.includes("main-keeper-prepare"));
  const { resources } = await declareFailing(
    () => new PrivateRegistry("main", { hostnames: ["registry.example.com"] }),
    { state: { "main-proxy-activate": { exitCode: 1, containerLogs: "no answer\n" } } },
  );
  const names = resources.map(({ name }) => name);
  assert.ok(names.includes("main-proxy-container"));
  assert.ok(!names.includes("main-keeper-container"));
});

test("no server is touched if the keeper cannot be prepared", async () => {
  for (const front of [Front.Nginx, Front.Direct]) {
    const { message, resources } = await declareFailing(
      () => new PrivateRegistry("main", { hostnames: ["registry.example.com"], front }),
      { state: { "main-keeper-prepare": { exitCode: 1, containerLogs: "no program named flock\n" } } },
    );
    assert.match(message, /^main-keeper-prepare ended with exit code 1:\nno program named flock\n/);
    assert.ok(resources.every(({ name }) => !/-(door|container|verifier|activate)$/.test(name)));
  }
});

test("the proxy has the control volume to write to, and every front a keeper", async () => {
  const { get } = await registry();
  assert.deepEqual(get("main-proxy-container").inputs.volumes.at(-1), {
    volumeName: "shop-test-main-control",
    containerPath: "/var/lib/private-registry-keeper",
  });
  for (const front of [Front.Direct, Front.None, Front.Waf]) {
    const { resources } = await registry({ front });
    assert.ok(resources.some(({ name }) => name === "main-keeper-container"));
  }
});

test("uploads are abandoned after the time that the registry is told, or never", async () => {
  const hours = async (options: PrivateRegistryArgs["registry"]) => {
    const { get } = await registry({ registry: options });
    return JSON.parse(namedFilesOf(get("main-keeper-files"))["settings.json"] ?? "").uploadSeconds / 3600;
  };
  assert.equal(await hours({ uploadPurgeAgeHours: 12 }), 12);
  assert.equal(await hours({ uploadPurging: false }), 1_000_000);
});

const obstacles: [Partial<PrivateRegistryArgs>, RegExp][] = [
  [{ registryConfigOverrides: { storage: { s3: {} } } }, /has another driver than the file system/],
  [{ registry: { dialect: RegistryDialect.V2 } }, /registry\.dialect is "v2"/],
  [{ registry: { cache: DescriptorCache.InMemory } }, /a cache of descriptors/],
  [
    { registryConfigOverrides: { storage: { cache: { blobdescriptor: "redis" } } } },
    /a cache of descriptors/,
  ],
  [{ registryConfigOverrides: { proxy: { remoteurl: "https://example.com" } } }, /makes it a mirror/],
  [{ registry: { deleteEnabled: false } }, /registry\.deleteEnabled is false/],
];

for (const [args, reason] of obstacles) {
  test(`a keeper is left out where it cannot work, and refused if it is asked for: ${reason.source}`, async () => {
    const { resources, get } = await registry(args);
    assert.ok(resources.every(({ name }) => !name.includes("keeper")));
    const { volumes } = get("main-proxy-container").inputs;
    assert.ok(volumes.every(({ containerPath }: { containerPath: string }) => !/keeper/.test(containerPath)));
    for (const keeper of [{ enabled: true }, { undoDays: 3 }]) {
      const [problem = "", ...more] = await failing({ ...args, keeper });
      assert.match(
        problem,
        /^ {2}- keeper: cannot work where .*; leave it out, or set keeper\.enabled to false$/,
      );
      assert.match(problem, reason);
      assert.deepEqual(more, []);
    }
    await registry({ ...args, keeper: { enabled: false, undoDays: 3 } });
  });
}

test("without its keeper a registry is what it was without one", async () => {
  const { resources } = await registry({ keeper: { enabled: false } });
  for (const { name, shown } of resources.filter((one) => one.name !== "main"))
    assert.doesNotMatch(`${name} ${shown}`, /main-keeper|main-control|private-registry-keeper/);
  const proxy = (await registry({ keeper: { enabled: false } })).get("main-proxy-container").inputs;
  const { volumes, ...rest } = (await registry()).get("main-proxy-container").inputs;
  assert.deepEqual(
    proxy,
    { ...rest, volumes: volumes.slice(0, -1) },
    "the mount is all that a proxy has of it",
  );
});
