import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegistryServerArgs } from "../../../components/registry/args";
import { RegistryServer } from "../../../components/registry/registryServer";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const server = (args: RegistryServerArgs = {}) => declare(() => new RegistryServer("reg", args));

test("the volume of the images outlives the stack unless asked otherwise", async () => {
  assert.equal((await server()).get("reg-data").retainOnDelete, true);
  assert.equal((await server({ keepDataOnDestroy: true })).get("reg-data").retainOnDelete, true);
  assert.equal((await server({ keepDataOnDestroy: false })).get("reg-data").retainOnDelete, false);
});

test("no other resource outlives the stack", async () => {
  const { resources } = await server();
  assert.deepEqual(
    resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name),
    ["reg-data"],
  );
});

test("nothing but its name replaces the volume of the images", async () => {
  assert.deepEqual((await server()).get("reg-data").ignoreChanges, ["labels", "driver", "driverOpts"]);
  const named = await server({ storage: { volumeName: "old-registry" } });
  assert.equal(named.get("reg-data").inputs.name, "old-registry");
  assert.equal(await valueIn(named.result.dataLocation), "old-registry");
});

test("a host path takes the place of the volume, in server and preparation", async () => {
  const { get, resources, result } = await server({ storage: { hostPath: "/srv/registry" } });
  assert.ok(resources.every(({ name }) => name !== "reg-data"));
  for (const name of ["reg-container", "reg-prepare", "reg-mark", "reg-try"]) {
    assert.deepEqual(
      get(name).inputs.volumes[0],
      { hostPath: "/srv/registry", containerPath: "/var/lib/registry" },
      name,
    );
  }
  assert.equal(await valueIn(result.dataLocation), "/srv/registry");
});

test("the place of the images is marked once, and not at another configuration", async () => {
  const mark = async (args: RegistryServerArgs) => (await server(args)).get("reg-mark").inputs;
  const first = await mark({});
  assert.match(first.command[0], /^MARK='\/var\/lib\/registry\/\.private-registry-data'$/m);
  assert.deepEqual(await mark({ options: { deleteEnabled: false } }), first);
  assert.notDeepEqual((await mark({ storage: { hostPath: "/srv/registry" } })).volumes, first.volumes);
});

test("files below the top folder change their owner only when asked", async () => {
  const script = async (args: RegistryServerArgs) =>
    (await server(args)).get("reg-prepare").inputs.command[0];
  assert.match(await script({}), /^RECURSIVE='no'$/m);
  assert.match(await script({ storage: { takeOwnership: true } }), /^RECURSIVE='yes'$/m);
});

test("images in an object store need no disk that can be written", async () => {
  const { get, resources } = await server({
    configOverrides: { storage: { s3: { region: "x", bucket: "b" } } },
  });
  const { healthcheck, command } = get("reg-container").inputs;
  assert.doesNotMatch(healthcheck.tests[3], /echo/);
  assert.doesNotMatch(command[0], /private-registry-data/);
  assert.ok(resources.every(({ name }) => name !== "reg-mark"));
});

test("a volume and a host path together are refused", async () => {
  const { message } = await declareFailing(
    () => new RegistryServer("reg", { storage: { volumeName: "images", hostPath: "/srv/registry" } }),
  );
  assert.match(message, /storage: has both volumeName and hostPath/);
});
