import assert from "node:assert/strict";
import { test } from "node:test";
import { Front, PrivateRegistry, type PrivateRegistryArgs } from "../../components";
import { hardeningOf, roleBeside } from "../support/containers";
import { declare, valueIn } from "../support/mocks";

const hostnames = ["registry.example.com", "192.0.2.7"];

const registry = (args: Partial<PrivateRegistryArgs> = {}) =>
  declare(() => new PrivateRegistry("main", { hostnames, ...args }));

const suffixes = {
  "main-ca": ["-key", "-certificate"],
  "main-certificate": ["-key", "-request", "-certificate"],
  "main-credentials": ["-salt", "-password-admin"],
  "main-registry": [
    "-secret",
    "-data",
    "-socket",
    "-config",
    "-files",
    "-prepare",
    "-container",
    "-mark",
    "-try",
  ],
  "main-proxy": [
    "-decoy",
    "-volume",
    "-verifier-socket",
    "-files",
    "-stage",
    "-verifier",
    "-container",
    "-activate",
  ],
  "main-keeper": ["-control", "-volume", "-files", "-prepare", "-container"],
};

test("one argument makes a registry: a network, three images, and six components with their children", async () => {
  const { resources } = await registry();
  const expected = [
    ["main", ""],
    ["main-network", "main"],
    ["main-door", "main"],
    ["main-registry-image", "main"],
    ["main-proxy-image", "main"],
    ["main-keeper-image", "main"],
    ...Object.entries(suffixes).flatMap(([part, children]) => [
      [part, "main"],
      ...children.map((suffix) => [`${part}${suffix}`, part]),
    ]),
  ];
  assert.deepEqual(
    resources.map(({ name, parent }) => `${name} < ${parent}`).sort(),
    expected.map(([name, parent]) => `${name} < ${parent}`).sort(),
  );
});

test("each component is below the whole in every URN", async () => {
  const { get } = await registry();
  const token = (type: string) => `private-registry:index:${type}`;
  for (const [name, type] of [
    ["main-ca", "CertificateAuthority"],
    ["main-certificate", "ServerCertificate"],
    ["main-credentials", "Credentials"],
    ["main-registry", "RegistryServer"],
    ["main-proxy", "RegistryProxy"],
    ["main-keeper", "RegistryKeeper"],
  ] as const) {
    assert.equal(get(name).qualifiedType, `${token("PrivateRegistry")}$${token(type)}`);
  }
});

test("of all containers only the proxy publishes a port, and only it joins the network", async () => {
  const { all } = await registry({ port: 5443, bindAddress: "127.0.0.1" });
  const containers = all("docker:Container");
  const published = containers.filter(({ inputs }) => inputs.ports !== undefined);
  assert.deepEqual(
    published.map(({ name, inputs }) => [name, inputs.ports]),
    [["main-proxy-container", [{ internal: 8443, external: 5443, ip: "127.0.0.1" }]]],
  );
  assert.deepEqual(
    containers.filter(({ inputs }) => inputs.networksAdvanced !== undefined).map(({ name }) => name),
    ["main-proxy-container"],
  );
});

test("nothing waits for Docker's first look at the health: the activation asks registry and proxy", async () => {
  const { all, get } = await registry();
  assert.ok(all("docker:Container").every(({ inputs }) => !inputs.wait));
  assert.ok(get("main-proxy-activate").inputs.envs.includes("REGISTRY=id-of-main-registry-container"));
});

test("every container is hardened, and none mounts the Docker socket or a folder of the host", async () => {
  const { all } = await registry({ logRotation: { maxSize: "9m" } });
  const neverStarted = [];
  for (const container of all("docker:Container")) {
    const { user, readOnly, capabilities, securityOpts, logOpts } = hardeningOf(container);
    const { name, inputs } = container;
    assert.deepEqual(capabilities.drops, ["ALL"], name);
    assert.deepEqual(securityOpts, ["no-new-privileges:true"], name);
    assert.deepEqual(logOpts, { "max-size": "9m", "max-file": "3" }, name);
    assert.equal(inputs.privileged, undefined, name);
    assert.ok(
      inputs.volumes.every((volume: object) => !("hostPath" in volume)),
      name,
    );
    if (inputs.start === false) neverStarted.push(name);
    else assert.deepEqual([/^\d+:\d+$/.test(user), readOnly], [true, true], name);
  }
  assert.deepEqual(neverStarted.sort(), ["main-keeper-files", "main-proxy-files", "main-registry-files"]);
});

test("only four helpers have rights, and only those two", async () => {
  const { all } = await registry();
  const withRights = all("docker:Container").filter(({ inputs }) => inputs.capabilities.adds !== undefined);
  assert.deepEqual(withRights.map(({ name, inputs }) => [name, inputs.capabilities.adds]).sort(), [
    ["main-keeper-prepare", ["CAP_CHOWN", "CAP_DAC_OVERRIDE"]],
    ["main-proxy-stage", ["CAP_CHOWN", "CAP_DAC_OVERRIDE"]],
    ["main-registry-mark", ["CAP_CHOWN", "CAP_DAC_OVERRIDE"]],
    ["main-registry-prepare", ["CAP_CHOWN", "CAP_DAC_OVERRIDE"]],
  ]);
});

test("containers, volumes and network carry our labels and the caller's", async () => {
  const { resources } = await registry({ labels: { team: "platform" } });
  const labelled = resources.filter(({ type }) => /^docker:(Container|Volume|Network)$/.test(type));
  assert.equal(labelled.length, 21);
  for (const resource of labelled) {
    assert.match(roleBeside({ team: "platform" }, resource), /^[a-z-]+$/, resource.name);
  }
});

test("two registries in one stack share no name, neither in Pulumi nor on the Docker host", async () => {
  const { resources } = await declare(() => [
    new PrivateRegistry("main", { hostnames }),
    new PrivateRegistry("second", { hostnames, port: 5443 }),
  ]);
  const logical = resources.map(({ type, name }) => `${type} ${name}`);
  assert.equal(new Set(logical).size, logical.length);
  const physical = resources
    .filter(({ type }) => /^docker:(Container|Volume|Network)$/.test(type))
    .map(({ type, inputs }) => `${type} ${inputs.name}`);
  assert.equal(physical.length, 42);
  assert.equal(new Set(physical).size, physical.length);
  assert.equal(physical.filter((name) => / shop-test-(main|second)-/.test(name)).length, 42);
});

test("the data volume is named after project, stack and instance", async () => {
  const { get, result } = await registry();
  assert.equal(get("main-registry-data").inputs.name, "shop-test-main-data");
  assert.equal(await valueIn(result.dataLocation), "shop-test-main-data");
});

test("arguments reach the parts they are for", async () => {
  const { get } = await registry({
    storage: { volumeName: "old-registry" },
    keepDataOnDestroy: false,
    timeZone: "Europe/London",
    registryResources: { memoryMib: 512 },
    proxyResources: { memoryMib: 256 },
    registry: { drainSeconds: 5 },
  });
  assert.equal(get("main-registry-data").inputs.name, "old-registry");
  assert.equal(get("main-registry-data").retainOnDelete, false);
  assert.equal(get("main-registry-container").inputs.memory, 512);
  assert.equal(get("main-registry-container").inputs.stopTimeout, 10);
  assert.equal(get("main-proxy-container").inputs.memory, 256);
  for (const name of ["main-registry-container", "main-proxy-container"]) {
    assert.ok(
      get(name).inputs.envs.some((variable: string) => variable.startsWith("TZ=")),
      name,
    );
  }
});

test("images are pulled by reference, run by id and left on the host", async () => {
  const { get } = await registry({ registryImage: "mirror.example.com/registry:3.1.2" });
  const reference = "mirror.example.com/registry:3.1.2";
  assert.deepEqual(get("main-registry-image").inputs, { name: reference, keepLocally: true });
  assert.equal(get("main-registry-container").inputs.image, `sha256:${reference}`);
  assert.equal(get("main-proxy-image").inputs.name, "nginx:1.28");
});

test("the certificate is for all names and the further ones, and the authority says whose it is", async () => {
  const { get } = await registry({ extraSans: ["*.example.net"] });
  const { dnsNames, ipAddresses, subject } = get("main-certificate-request").inputs;
  assert.deepEqual(dnsNames, ["registry.example.com", "*.example.net"]);
  assert.deepEqual(ipAddresses, ["192.0.2.7"]);
  assert.equal(subject.commonName, "registry.example.com");
  assert.equal(
    get("main-ca-certificate").inputs.subject.commonName,
    "registry.example.com certificate authority",
  );
  assert.equal(get("main-certificate-certificate").inputs.caCertPem, "certificate of main-ca-certificate");
});

test("the network is replaced by a new one only after it is gone, never for its labels", async () => {
  const network = (await registry()).get("main-network");
  assert.equal(network.inputs.name, "shop-test-main-network");
  assert.equal(network.deleteBeforeReplace, true);
  assert.deepEqual(network.ignoreChanges, ["labels"]);
});

test("the images command is there with a keeper and a front that has a proxy, and hands requests over there", async () => {
  const scriptOf = async (args: Partial<PrivateRegistryArgs>) =>
    valueIn((await registry(args)).result.imagesScript);
  const external = { trustedAddresses: ["192.0.2.9"], publicPort: 8443 };
  for (const args of [{}, { front: Front.Waf }, { front: Front.External, external }])
    assert.match((await scriptOf(args)) ?? "none", /REGISTRY='registry\.example\.com(:8443)?'/);
  for (const args of [{ front: Front.Direct }, { front: Front.None }, { keeper: { enabled: false } }])
    assert.equal(await scriptOf(args), undefined);
  const { get } = await registry();
  const mounted = get("main-proxy-container").inputs.volumes.map(
    ({ volumeName }: { volumeName: string }) => volumeName,
  );
  assert.ok(mounted.includes("shop-test-main-control"), mounted.join(", "));
});
