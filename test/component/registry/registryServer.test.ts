import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { RegistryServerArgs } from "../../../components/registry/args";
import { RegistryServer } from "../../../components/registry/registryServer";
import {
  asHelper,
  asLoader,
  asServer,
  folderOf,
  hardeningOf,
  namedFilesOf,
  roleBeside,
} from "../../support/containers";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const server = (args: RegistryServerArgs = {}) => declare(() => new RegistryServer("reg", args));

const configOf = async (args: RegistryServerArgs) => {
  const { get } = await server(args);
  return parse(namedFilesOf(get("reg-files"))["config.yml"] ?? "");
};

test("a registry is a secret, three volumes, two loaders, a preparation, a try and one server", async () => {
  const { resources } = await server();
  const named = resources.map(({ type, name, parent }) => `${name} ${type} < ${parent}`).sort();
  assert.deepEqual(named, [
    "reg private-registry:RegistryServer < ",
    "reg-config docker:Volume < reg",
    "reg-container docker:Container < reg",
    "reg-data docker:Volume < reg",
    "reg-files docker:Container < reg",
    "reg-mark docker:Container < reg",
    "reg-prepare docker:Container < reg",
    "reg-secret random:RandomPassword < reg",
    "reg-socket docker:Volume < reg",
    "reg-try docker:Container < reg",
  ]);
});

test("names on the Docker host begin with project, stack and instance", async () => {
  const { get } = await server({ instance: "main" });
  const roles = ["container", "files", "mark", "prepare", "try", "data", "socket", "config"];
  const physical = roles.map((role) => get(`reg-${role}`).inputs.name);
  assert.deepEqual(physical, [
    "shop-test-main-registry",
    "shop-test-main-registry-files",
    "shop-test-main-registry-mark",
    "shop-test-main-registry-prepare",
    "shop-test-main-registry-try",
    "shop-test-main-data",
    "shop-test-main-socket",
    "shop-test-main-config",
  ]);
});

test("the server has no network, no port, no environment but ours, and no right at all", async () => {
  const { get } = await server();
  const { inputs } = get("reg-container");
  assert.deepEqual(hardeningOf(get("reg-container")), asServer);
  assert.equal(inputs.networkMode, "none");
  assert.equal(inputs.networksAdvanced, undefined);
  assert.equal(inputs.ports, undefined);
  assert.deepEqual(inputs.envs, ["OTEL_TRACES_EXPORTER=none", "GOGC=400"]);
  assert.deepEqual(inputs.entrypoints, ["sh", "-c"]);
  const lastLine = inputs.command[0].split("\n").at(-1);
  assert.equal(lastLine, `exec "$program" serve ${folderOf(get("reg-files"))}/config.yml`);
});

test("the server comes back by itself, is waited for, and may finish what is under way", async () => {
  const { restart, wait, waitTimeout, stopTimeout, destroyGraceSeconds, healthcheck } = (await server()).get(
    "reg-container",
  ).inputs;
  assert.deepEqual(
    { restart, wait, waitTimeout, stopTimeout, destroyGraceSeconds },
    { restart: "always", wait: true, waitTimeout: 120, stopTimeout: 65, destroyGraceSeconds: 65 },
  );
  assert.deepEqual(healthcheck.tests.slice(0, 3), ["CMD", "sh", "-c"]);
  const asked = await server({ waitUntilHealthy: false });
  assert.equal(asked.get("reg-container").inputs.wait, false, "a proxy waits for it");
  assert.match(
    healthcheck.tests[3],
    /127\.0\.0\.1:5001\/debug\/health && echo writable > \/var\/lib\/registry/,
  );

  const longer = await server({ options: { drainSeconds: 300 } });
  assert.equal(longer.get("reg-container").inputs.stopTimeout, 305);
  assert.equal(longer.get("reg-container").inputs.destroyGraceSeconds, 305);
});

test("the server mounts images, socket and, read-only, its configuration", async () => {
  const { get } = await server();
  assert.deepEqual(get("reg-container").inputs.volumes, [
    { volumeName: "shop-test-reg-data", containerPath: "/var/lib/registry" },
    { volumeName: "shop-test-reg-socket", containerPath: "/run/private-registry" },
    {
      volumeName: get("reg-config").inputs.name,
      containerPath: "/etc/private-registry",
      readOnly: true,
    },
  ]);
});

test("the server starts after its files and a preparation without network, as root with two rights", async () => {
  const { get } = await server();
  assert.deepEqual(hardeningOf(get("reg-prepare")), asHelper);
  assert.equal(get("reg-prepare").inputs.networkMode, "none");
  assert.deepEqual(get("reg-prepare").inputs.entrypoints, ["sh", "-c"]);
  const { attach, logs, mustRun, restart } = get("reg-prepare").inputs;
  assert.deepEqual(
    { attach, logs, mustRun, restart },
    { attach: true, logs: true, mustRun: false, restart: "no" },
  );
  assert.ok(get("reg-container").dependsOn.includes("reg-try"));
  assert.ok(get("reg-try").dependsOn.includes("reg-prepare"));
  assert.ok(get("reg-prepare").dependsOn.includes("reg-files"));
});

test("a preparation that fails stops the run with its log, before the server", async () => {
  const { message, resources } = await declareFailing(() => new RegistryServer("reg"), {
    state: { "reg-prepare": { exitCode: 1, containerLogs: "the images belong to user 0\n" } },
  });
  assert.match(message, /^reg-prepare ended with exit code 1:\nthe images belong to user 0\nFix the cause/);
  assert.match(message, /pulumi up --replace 'urn:pulumi:test::shop::.*::reg-prepare'$/);
  assert.ok(resources.every(({ name }) => name !== "reg-container"));
});

test("a registry is tried with the image, the limits and the rights of the server, before it", async () => {
  const { get } = await server({ resources: { memoryMib: 64, cpus: 0.5 } });
  const [tried, container] = [get("reg-try"), get("reg-container")];
  assert.deepEqual(hardeningOf(tried), asServer);
  for (const setting of ["image", "memory", "memorySwap", "cpuQuota", "envs"])
    assert.deepEqual(tried.inputs[setting], container.inputs[setting], setting);
  assert.deepEqual(
    tried.inputs.volumes.map(({ volumeName }: { volumeName: string }) => volumeName),
    ["shop-test-reg-data", "shop-test-reg-config"],
    "a registry that is tried cannot take the socket of the one that serves",
  );
  assert.ok(tried.dependsOn.includes("reg-prepare"));
  assert.ok(container.dependsOn.includes("reg-try"));
});

test("a registry that does not start stops the run with its log, before the server", async () => {
  const { message, resources } = await declareFailing(() => new RegistryServer("reg"), {
    state: { "reg-try": { exitCode: 1, containerLogs: "invalid loglevel\n" } },
  });
  assert.match(message, /^reg-try ended with exit code 1:\ninvalid loglevel\nFix the cause/);
  assert.ok(resources.every(({ name }) => name !== "reg-container"));
});

test("config.yml is secret, for the registry's user alone, and its loader never runs", async () => {
  const { get } = await server();
  const { inputs, secretInputs } = get("reg-files");
  assert.deepEqual(hardeningOf(get("reg-files")), asLoader);
  assert.deepEqual([inputs.start, inputs.mustRun, inputs.networkMode], [false, false, "none"]);
  assert.deepEqual(secretInputs, ["uploads"]);
  const [{ contentBase64, file, ...upload }, ...more] = inputs.uploads;
  assert.match(file, /^\/etc\/private-registry\/[0-9a-f]{16}\/config\.yml$/);
  assert.deepEqual(upload, { permissions: "0400" });
  assert.ok(contentBase64.length > 0);
  assert.deepEqual(more, []);
});

test("a changed option is a new folder for config.yml in the same volume, the same options are the same one", async () => {
  const name = async (args: RegistryServerArgs) => folderOf((await server(args)).get("reg-files"));
  const [first, again, other] = [
    await name({}),
    await name({}),
    await name({ options: { deleteEnabled: false } }),
  ];
  assert.equal(first, again);
  assert.notEqual(first, other);
});

test("the time zone travels with config.yml", async () => {
  const { get } = await server({ timeZone: "Asia/Shanghai" });
  const zone = readFileSync("/usr/share/zoneinfo/Asia/Shanghai").toString();
  assert.equal(namedFilesOf(get("reg-files")).localtime, zone);
  const variable = `TZ=${folderOf(get("reg-files"))}/localtime`;
  for (const name of ["reg-container", "reg-try"]) assert.ok(get(name).inputs.envs.includes(variable), name);
});

test("limits hold memory and swap to one figure, and there are none by default", async () => {
  const limited = (await server({ resources: { memoryMib: 512, cpus: 1.5 } })).get("reg-container").inputs;
  assert.ok(limited.envs.includes("GOMEMLIMIT=460MiB"), "nine tenths, so that Go frees memory in time");
  assert.deepEqual([limited.memory, limited.memorySwap, limited.cpuQuota], [512, 512, 150_000]);
  assert.deepEqual(limited.ulimits, [{ name: "nofile", soft: 16_384, hard: 16_384 }]);
  const free = (await server()).get("reg-container").inputs;
  assert.deepEqual([free.memory, free.memorySwap, free.cpuQuota], [undefined, undefined, undefined]);
});

test("log rotation reaches the server and its helpers", async () => {
  const { get } = await server({ logRotation: { maxSize: "9m", maxFiles: 7 } });
  for (const name of ["reg-container", "reg-prepare", "reg-try", "reg-files", "reg-mark"]) {
    assert.deepEqual(get(name).inputs.logOpts, { "max-size": "9m", "max-file": "7" }, name);
  }
});

test("everything carries our labels and the caller's", async () => {
  const { all } = await server({ instance: "main", labels: { team: "platform" } });
  const labelled = [...all("docker:Container"), ...all("docker:Volume")];
  const roles = labelled.map((resource) => roleBeside({ team: "platform" }, resource));
  assert.deepEqual(roles.sort(), [
    "config",
    "data",
    "registry",
    "registry-files",
    "registry-mark",
    "registry-prepare",
    "registry-try",
    "socket",
  ]);
});

test("the registry joins the given network only when an override names something remote", async () => {
  const s3 = { storage: { s3: { region: "x", bucket: "b" } } };
  const network = async (args: RegistryServerArgs) => {
    const { get } = await server(args);
    const [{ networkMode, networksAdvanced }, tried] = [get("reg-container").inputs, get("reg-try").inputs];
    assert.deepEqual([tried.networkMode, tried.networksAdvanced], [networkMode, networksAdvanced]);
    return [networkMode, networksAdvanced];
  };
  const networkName = "front";
  assert.deepEqual(await network({ networkName }), ["none", undefined]);
  assert.deepEqual(await network({ networkName, configOverrides: { catalog: { maxentries: 9 } } }), [
    "none",
    undefined,
  ]);
  assert.deepEqual(await network({ networkName, configOverrides: s3 }), [undefined, [{ name: "front" }]]);
  assert.deepEqual(await network({ configOverrides: s3 }), ["none", undefined]);
});

test("overrides reach config.yml and are secret in the component's own record", async () => {
  const configOverrides = { proxy: { remoteurl: "https://registry.example.com", password: "hunter22" } };
  assert.equal((await configOf({ configOverrides })).proxy.password, "hunter22");
  const { get, resources } = await server({ configOverrides });
  assert.deepEqual(get("reg").secretInputs, ["configOverrides"]);
  assert.ok(resources.every(({ shown }) => !shown.includes("hunter22")));
});

test("the key that signs uploads is generated once and shows nowhere", async () => {
  const secret = "c2VjcmV0IG9mIHRoZSByZWdpc3RyeQ==";
  const { get, resources } = await declare(() => new RegistryServer("reg"), {
    state: { "reg-secret": { result: secret } },
  });
  assert.equal(parse(namedFilesOf(get("reg-files"))["config.yml"] ?? "").http.secret, secret);
  assert.ok(resources.every(({ shown }) => !shown.includes(secret)));
});

test("outputs name the container, the socket's volume and the data", async () => {
  const { result } = await server();
  assert.equal(await valueIn(result.containerName), "shop-test-reg-registry");
  assert.equal(await valueIn(result.socketVolumeName), "shop-test-reg-socket");
  assert.equal(await valueIn(result.dataLocation), "shop-test-reg-data");
  assert.equal(await pulumi.isSecret(result.dataLocation), false);
});

test("bad arguments are refused before anything is declared", async () => {
  const { message, resources } = await declareFailing(
    () =>
      new RegistryServer("reg", { options: { drainSeconds: -1 }, timeZone: "CST", image: "registry:3.1.2" }),
  );
  assert.match(message, /^reg cannot be created:\n {2}- options\.drainSeconds: -1 .*\n {2}- timeZone: "CST"/);
  assert.deepEqual(resources, []);
});
