import assert from "node:assert/strict";
import { test } from "node:test";
import { RegistryCluster, type RegistryClusterArgs } from "../../../components";
import { declare, declareFailing } from "../../support/mocks";

const args: RegistryClusterArgs = {
  hostnames: ["registry.example.com"],
  nodes: 3,
  storage: {
    s3: { endpoint: "https://s3.example.com", bucket: "registry", accessKey: "key", secretKey: "hunter22" },
  },
  users: [{ name: "alice", password: "correct-horse-battery" }],
};
const services = ["main-registry-a", "main-registry-b", "main-verifier", "main-proxy"];

const cluster = (more: Partial<RegistryClusterArgs> = {}) =>
  declare(() => new RegistryCluster("main", { ...args, ...more }));

test("each service has one task on each of so many nodes, and waits until all have it", async () => {
  const { get } = await cluster({ nodes: 5 });
  for (const name of services) {
    const { mode, taskSpec, convergeConfig, updateConfig } = get(name).inputs;
    assert.deepEqual(mode, { replicated: { replicas: 5 } });
    assert.deepEqual(taskSpec.placement, { maxReplicas: 1 });
    assert.match(convergeConfig.timeout, /^\d+s$/);
    assert.deepEqual([updateConfig.order, updateConfig.failureAction], ["stop-first", "rollback"]);
    const { user, readOnly, capDrops } = taskSpec.containerSpec;
    assert.deepEqual([user, readOnly, capDrops], ["10001:10001", true, ["ALL"]]);
  }
});

test("nodes find images by their names, and the two registries meet the proxy at sockets of their own", async () => {
  const { get } = await cluster({ registryImage: "registry.example.com/registry:3" });
  const specOf = (name: string) => get(name).inputs.taskSpec.containerSpec;
  assert.equal(specOf("main-registry-a").image, "registry.example.com/registry:3");
  for (const which of ["a", "b"])
    assert.equal(
      specOf(`main-registry-${which}`).env.REGISTRY_HTTP_ADDR,
      `/run/private-registry/${which}.sock`,
    );
  const config = filesOf(get("main-proxy-files").inputs.data)["nginx.conf"] ?? "";
  for (const which of ["a", "b"])
    assert.match(config, new RegExp(`server unix:/run/private-registry/${which}\\.sock max_fails=0;`));
});

test("an object store that is away ends no task, and neither does an old cache of descriptors mislead", async () => {
  const { get } = await cluster();
  for (const name of services)
    assert.doesNotMatch(
      get(name).inputs.taskSpec.containerSpec.healthcheck.tests[3],
      /debug\/health|healthz/,
    );
  assert.doesNotMatch(filesOf(get("main-registry-files").inputs.data)["config.yml"] ?? "", /blobdescriptor/);
});

test("secrets are Swarm's, without a name, and stand nowhere in clear", async () => {
  const { resources } = await cluster();
  const secrets = resources.filter(({ type }) => type === "docker:Secret");
  assert.equal(secrets.length, 3);
  for (const { inputs } of secrets) assert.equal(inputs.name, undefined);
  for (const { name, shown, inputs } of resources)
    for (const secret of ["hunter22", "correct-horse-battery"]) {
      assert.ok(!shown.includes(secret), name);
      assert.ok(!JSON.stringify(inputs.taskSpec ?? {}).includes(secret), name);
    }
});

test("what a cluster has not is refused before anything is created", async () => {
  const { resources, message } = await declareFailing(
    () => new RegistryCluster("main", { ...args, nodes: 0, certificateSource: undefined, storage: {} }),
  );
  assert.match(message, /nodes: 0 is out of range[\s\S]*storage.s3: is missing/);
  assert.deepEqual(resources, []);
});

test("without a cache no blob is kept, and no volume is there for it", async () => {
  const { get } = await cluster({ blobCache: { sizeGib: 0 } });
  const { mounts } = get("main-proxy").inputs.taskSpec.containerSpec;
  assert.ok(!JSON.stringify(mounts).includes("blob-cache"));
  assert.doesNotMatch(filesOf(get("main-proxy-files").inputs.data)["nginx.conf"] ?? "", /slice/);
});

/** The files of a secret. */
function filesOf(data: string): { [path: string]: string } {
  const lines = Buffer.from(data, "base64").toString().trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(" ")),
      Buffer.from(line.slice(line.indexOf(" ") + 1), "base64").toString(),
    ]),
  );
}
