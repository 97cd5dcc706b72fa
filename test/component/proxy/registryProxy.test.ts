import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryProxyArgs } from "../../../components/proxy/args";
import { pageFileNames } from "../../../components/proxy/page/pageFiles";
import { followScript, startScript } from "../../../components/proxy/proxyScripts";
import { RegistryProxy } from "../../../components/proxy/registryProxy";
import { asServer, filesOf, hardeningOf, roleBeside } from "../../support/containers";
import { declareFailing, valueIn } from "../../support/mocks";
import { args, proxy } from "../../support/proxy";

const container = async (change: Partial<RegistryProxyArgs> = {}) =>
  (await proxy(change)).get("web-container").inputs;

test("a proxy is two volumes, a loader, a stage, two servers and an activation", async () => {
  const { resources } = await proxy();
  assert.deepEqual(resources.map(({ type, name, parent }) => `${name} ${type} < ${parent}`).sort(), [
    "web private-registry:RegistryProxy < ",
    "web-activate docker:Container < web",
    "web-container docker:Container < web",
    "web-decoy random:RandomPassword < web",
    "web-files docker:Container < web",
    "web-stage docker:Container < web",
    "web-verifier docker:Container < web",
    "web-verifier-socket docker:Volume < web",
    "web-volume docker:Volume < web",
  ]);
});

test("names on the Docker host begin with project, stack and instance", async () => {
  const { get } = await proxy({ instance: "main" });
  const roles = ["container", "volume", "files", "stage", "activate"];
  assert.deepEqual(
    roles.map((role) => get(`web-${role}`).inputs.name),
    [
      "shop-test-main-proxy",
      "shop-test-main-proxy-files",
      "shop-test-main-proxy-files",
      "shop-test-main-proxy-stage",
      "shop-test-main-proxy-activate",
    ],
  );
});

test("only the server publishes a port: 443 of every IPv4 address, or what is asked for", async () => {
  const { all, get } = await proxy();
  assert.deepEqual(get("web-container").inputs.ports, [{ internal: 8443, external: 443, ip: "0.0.0.0" }]);
  for (const { name, inputs } of all("docker:Container")) {
    assert.equal(inputs.ports !== undefined, name === "web-container", name);
  }
  const { ports } = await container({ port: 5443, bindAddress: "127.0.0.1" });
  assert.deepEqual(ports, [{ internal: 8443, external: 5443, ip: "127.0.0.1" }]);
});

test("behind a load balancer it may do without TLS, and takes requests from there alone", async () => {
  const { get } = await proxy({
    certificateChainPem: undefined,
    privateKeyPem: undefined,
    trustedAddresses: ["192.0.2.7"],
    port: 5080,
    page: false,
  });
  assert.deepEqual(get("web-container").inputs.ports, [{ internal: 8080, external: 5080, ip: "0.0.0.0" }]);
  const names = Object.keys(filesOf(get("web-files"))).map((path) => path.split("/").at(-1));
  assert.deepEqual(names, ["login.js", "wait.js", "htpasswd", "nginx.conf"]);
});

test("the server runs nginx on files that it accepts, joins one network and writes to memory alone", async () => {
  const { get } = await proxy();
  const { inputs } = get("web-container");
  assert.deepEqual(hardeningOf(get("web-container")), asServer);
  assert.deepEqual(inputs.networksAdvanced, [{ name: "front" }]);
  assert.deepEqual(inputs.entrypoints, ["sh", "-c"]);
  assert.deepEqual(inputs.command, [startScript()]);
  assert.deepEqual(inputs.envs, []);
  assert.deepEqual(inputs.tmpfs, { "/tmp": "rw,noexec,nosuid,size=64m,mode=1777" });
  assert.deepEqual(inputs.volumes, [
    { volumeName: "shop-test-web-proxy-files", containerPath: "/etc/private-registry", readOnly: true },
    { volumeName: "socket-volume", containerPath: "/run/private-registry" },
    { volumeName: "shop-test-web-verifier-socket", containerPath: "/run/private-registry-verifier" },
  ]);
});

test("the server mounts the registry's data to serve blobs if it is told where they are", async () => {
  for (const [change, source] of [
    [{ dataVolumeName: "images" }, { volumeName: "images" }],
    [{ dataHostPath: "/srv/images" }, { hostPath: "/srv/images" }],
  ] as const) {
    const { get } = await proxy(change);
    assert.deepEqual(get("web-container").inputs.volumes.at(-1), {
      ...source,
      containerPath: "/var/lib/registry",
      readOnly: true,
    });
    assert.match(Object.values(filesOf(get("web-files"))).join(), /location @blob/);
  }
  assert.doesNotMatch(Object.values(filesOf((await proxy()).get("web-files"))).join(), /location @blob/);
});

test("the verifier has the proxy's image and no network, and yields to the proxy", async () => {
  const { get } = await proxy({ image: "example/nginx:1" });
  const { networkMode, cpuShares, image, volumes } = get("web-verifier").inputs;
  assert.deepEqual(hardeningOf(get("web-verifier")), asServer);
  assert.deepEqual(
    { networkMode, cpuShares, image },
    { networkMode: "none", cpuShares: 128, image: "example/nginx:1" },
  );
  assert.deepEqual(volumes, [
    { volumeName: "shop-test-web-proxy-files", containerPath: "/etc/private-registry", readOnly: true },
    { volumeName: "shop-test-web-verifier-socket", containerPath: "/run/private-registry-verifier" },
  ]);
});

test("the verifier starts with a configuration of its own, whatever the files, and reads the users in use", async () => {
  const commandOf = async (change: Partial<RegistryProxyArgs>) =>
    (await proxy(change)).get("web-verifier").inputs.command;
  const [script, ...more] = await commandOf({});
  assert.deepEqual(more, []);
  assert.match(script, /auth_basic_user_file \/etc\/private-registry\/current\/htpasswd;/);
  for (const change of [{ htpasswd: "bob:$2y$10$other\n" }, { waf: {} }, { realm: "Another" }]) {
    assert.deepEqual(await commandOf(change), [script]);
  }
});

test("the server comes back by itself, and lets transfers end", async () => {
  const inputs = await container();
  const { restart, wait, stopSignal, stopTimeout, destroyGraceSeconds } = inputs;
  assert.deepEqual(
    { restart, wait, stopSignal, stopTimeout, destroyGraceSeconds },
    {
      restart: "always",
      wait: undefined, // The activation asks sooner than Docker.
      stopSignal: "SIGQUIT",
      stopTimeout: 60,
      destroyGraceSeconds: 60,
    },
  );
  const [follow, ask] = inputs.healthcheck.tests[3].split("\nfi\n");
  assert.equal(`${follow}\nfi`, followScript());
  assert.match(ask, /^curl -fsS .*127\.0\.0\.1:8081\/healthz \|\| wget /);
});

test("a generation is a folder of secret files that only the proxy's user reads", async () => {
  const { get } = await proxy({ page: false });
  const { inputs, secretInputs } = get("web-files");
  const folder = /^\/etc\/private-registry\/[0-9a-f]{16}$/;
  assert.deepEqual(secretInputs, ["uploads"]);
  for (const { file, permissions } of inputs.uploads) {
    assert.match(file.slice(0, file.lastIndexOf("/")), folder);
    assert.equal(permissions, "0400");
  }
  const files = Object.entries(filesOf(get("web-files"))).map(([path, text]) => [
    path.split("/").at(-1),
    text,
  ]);
  const { "nginx.conf": nginx, "login.js": script, "wait.js": wait, ...others } = Object.fromEntries(files);
  assert.match(nginx, /listen 8443 ssl;/);
  assert.match(wait, /function forRegistry\(/);
  assert.match(script, /createHmac\("sha256"/);
  assert.deepEqual(others, {
    "server.crt": "the chain",
    "server.key": "the private key",
    htpasswd: `alice:$2y$10$hash\n_decoy:$2a$10$${"h".repeat(53)}\n`,
  });
});

test("the page for people is among the files, each in its folder, unless there shall be none", async () => {
  const pageOf = async (change = {}) => {
    const { get } = await proxy(change);
    const paths = Object.keys(filesOf(get("web-files"))).filter((path) => path.includes("/page/"));
    return paths.map((path) => path.split("/page/")[1]).sort();
  };
  assert.deepEqual(await pageOf(), [...pageFileNames].sort());
  assert.deepEqual(await pageOf({ page: false }), []);
});

test("the time zone travels with the files", async () => {
  const { get } = await proxy({ timeZone: "Asia/Shanghai" });
  const zone = Object.entries(filesOf(get("web-files"))).find(([path]) => path.endsWith("/localtime"));
  assert.equal(zone?.[1], readFileSync("/usr/share/zoneinfo/Asia/Shanghai").toString());
  assert.deepEqual(get("web-container").inputs.envs, ["TZ=/etc/private-registry/current/localtime"]);
});

test("limits hold memory and swap to one figure, and log rotation reaches every container", async () => {
  const { get, all } = await proxy({
    resources: { memoryMib: 256, cpus: 0.5, openFiles: 4096 },
    logRotation: { maxSize: "9m", maxFiles: 7 },
  });
  const { memory, memorySwap, cpuPeriod, cpuQuota } = get("web-container").inputs;
  assert.deepEqual([memory, memorySwap, cpuPeriod, cpuQuota], [256, 256, 100_000, 50_000]);
  for (const server of ["web-container", "web-verifier"]) {
    assert.deepEqual(get(server).inputs.ulimits, [{ name: "nofile", soft: 4096, hard: 4096 }], server);
  }
  for (const { name, inputs } of all("docker:Container")) {
    assert.deepEqual(inputs.logOpts, { "max-size": "9m", "max-file": "7" }, name);
  }
});

test("everything carries our labels and the caller's", async () => {
  const { all } = await proxy({ instance: "main", labels: { team: "platform" } });
  const labelled = [...all("docker:Container"), ...all("docker:Volume")];
  const roles = labelled.map((resource) => roleBeside({ team: "platform" }, resource));
  assert.deepEqual(roles.sort(), [
    "proxy",
    "proxy-activate",
    "proxy-files",
    "proxy-files",
    "proxy-stage",
    "verifier",
    "verifier-socket",
  ]);
});

test("key and users show in no resource, and no output is needlessly secret", async () => {
  const { result, get, resources } = await proxy();
  assert.deepEqual([...get("web").secretInputs].sort(), ["htpasswd", "privateKeyPem"]);
  for (const { name, shown } of resources) {
    assert.ok(!/the private key|2y\$10/.test(shown), name);
  }
  assert.match(await valueIn(result.generation), /^[0-9a-f]{16}$/);
  assert.equal(await pulumi.isSecret(result.generation), false);
  assert.equal(await valueIn(result.containerName), "shop-test-web-proxy");
});

test("bad arguments are refused before anything is declared", async () => {
  const { message, resources } = await declareFailing(
    () => new RegistryProxy("web", { ...args, port: 70000, bindAddress: "localhost", realm: "off" }),
  );
  assert.match(
    message,
    /^web cannot be created:\n {2}- port: 70000 .*\n {2}- bindAddress: "localhost" .*\n {2}- realm: "off"/,
  );
  assert.deepEqual(resources, []);
});

test("a control volume is mounted to be written to, and the script for requests is there with it alone", async () => {
  const control = { volumeName: "control-volume", containerPath: "/var/lib/private-registry-keeper" };
  const scriptOf = async (change: Partial<RegistryProxyArgs>) =>
    Object.entries(filesOf((await proxy(change)).get("web-files"))).find(([path]) =>
      /keeper/.test(path),
    )?.[1];
  const isControl = ({ containerPath }: { containerPath: string }) => containerPath === control.containerPath;
  const { volumes } = await container({ controlVolumeName: "control-volume" });
  assert.deepEqual(volumes.filter(isControl), [control]);
  assert.match((await scriptOf({ controlVolumeName: "control-volume" })) ?? "", /"controlPath":"\/var\/lib/);
  assert.deepEqual((await container()).volumes.filter(isControl), []);
  assert.equal(await scriptOf({}), undefined);
});
