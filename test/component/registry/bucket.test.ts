import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import type { RegistryServerArgs } from "../../../components/registry/args";
import { RegistryServer } from "../../../components/registry/registryServer";
import { namedFilesOf } from "../../support/containers";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const s3 = {
  bucket: "registry",
  endpoint: "https://s3.example.com/",
  folder: "team/a",
  accessKey: "key",
  secretKey: "hunter22",
};
const place = "/var/lib/registry";

const server = (args: RegistryServerArgs = {}) =>
  declare(() => new RegistryServer("reg", { networkName: "out", ...args, storage: { s3, ...args.storage } }));

const registry =
  (args: Partial<PrivateRegistryArgs> = {}) =>
  () =>
    new PrivateRegistry("main", { hostnames: ["registry.example.com"], storage: { s3 }, ...args });

test("a registry in a bucket has no volume of images, no mark, and a network", async () => {
  const { get, resources, result } = await server();
  assert.ok(resources.every(({ name }) => !["reg-data", "reg-mark"].includes(name)));
  for (const name of ["reg-container", "reg-try"])
    assert.deepEqual(get(name).inputs.networksAdvanced, [{ name: "out" }], name);
  // The image declares a volume there, which Docker would make anew for each container.
  for (const name of ["reg-container", "reg-prepare", "reg-try"]) {
    const { tmpfs, volumes } = get(name).inputs;
    assert.match(tmpfs[place], /^ro,/, name);
    assert.ok(!JSON.stringify(volumes).includes(place), name);
  }
  assert.match(get("reg-prepare").inputs.command[0], /^DATA_PATH=''$/m);
  assert.doesNotMatch(get("reg-container").inputs.healthcheck.tests[3], /echo/);
  assert.equal(await valueIn(result.dataLocation), "s3://registry/team/a");
});

test("config.yml has the bucket with the settings that another store than Amazon's needs, and no cache", async () => {
  const { get } = await server();
  const { storage } = parse(namedFilesOf(get("reg-files"))["config.yml"] ?? "");
  const { maintenance, ...rest } = storage;
  assert.deepEqual(rest, {
    s3: {
      bucket: "registry",
      region: "us-east-1",
      regionendpoint: "https://s3.example.com",
      rootdirectory: "/team/a",
      accesskey: "key",
      secretkey: "hunter22",
      forcepathstyle: true,
    },
    redirect: { disable: true },
    delete: { enabled: true },
  });
  assert.equal(maintenance.readonly.enabled, false);
  const amazon = await declare(
    () =>
      new RegistryServer("reg", {
        storage: { s3: { bucket: "b12", region: "eu-central-1", redirect: true } },
      }),
  );
  const written = parse(namedFilesOf(amazon.get("reg-files"))["config.yml"] ?? "").storage;
  assert.deepEqual(written.s3, { bucket: "b12", region: "eu-central-1", forcepathstyle: false });
  assert.deepEqual(written.redirect, { disable: false });
});

test("the key is secret in every resource, and in no environment", async () => {
  const { resources } = await server();
  for (const { name, shown, inputs } of resources) {
    assert.ok(!shown.includes("hunter22"), name);
    assert.ok(!JSON.stringify(inputs.envs ?? []).includes("hunter22"), name);
  }
  const whole = await declare(registry());
  for (const { name, shown } of whole.resources) assert.ok(!shown.includes("hunter22"), name);
});

test("a file with a key is mounted read-only, and named to the registry alone", async () => {
  const { accessKey, secretKey, ...without } = s3;
  const { get } = await server({ storage: { s3: { ...without, credentialsFile: "/etc/registry/key" } } });
  const file = "/run/private-registry-credentials";
  for (const name of ["reg-container", "reg-try"]) {
    const { volumes, envs } = get(name).inputs;
    assert.deepEqual(volumes.at(-1), { hostPath: "/etc/registry/key", containerPath: file, readOnly: true });
    assert.ok(envs.includes(`AWS_SHARED_CREDENTIALS_FILE=${file}`), name);
  }
  assert.ok(!JSON.stringify(get("reg-prepare").inputs).includes("credentials"));
});

test("registries of one bucket can sign with one key, secret; each has its own where none is given", async () => {
  const httpSecret = "a".repeat(40);
  const { get, resources } = await server({ options: { httpSecret } });
  const { http } = parse(namedFilesOf(get("reg-files"))["config.yml"] ?? "");
  assert.equal(http.secret, httpSecret);
  assert.ok(resources.every(({ name }) => name !== "reg-secret"));
  for (const { name, shown } of resources) assert.ok(!shown.includes(httpSecret), name);
  assert.ok((await server()).get("reg-secret"));
});

test("the whole has neither keeper nor blobs from a disk, and its registry joins the network of the port", async () => {
  const { resources, get, result } = await declare(registry());
  assert.ok(resources.every(({ name }) => !name.includes("keeper")));
  assert.ok(get("main-registry-container").inputs.networksAdvanced);
  assert.ok(!JSON.stringify(get("main-proxy-container").inputs.volumes).includes(place));
  assert.equal(await valueIn(result.dataLocation), "s3://registry/team/a");
  assert.equal(await pulumi.isSecret(result.dataLocation), false);
});

test("a key that is empty once it is known is refused before anything is created, as is what does not go with a bucket", async () => {
  const empty = await declareFailing(registry({ storage: { s3: { ...s3, secretKey: pulumi.output("") } } }));
  assert.match(empty.message, /storage\.s3\.secretKey: is empty/);
  const short = await declareFailing(registry({ registry: { httpSecret: "short" } }));
  assert.match(short.message, /registry\.httpSecret: has 5 characters/);
  const { message, resources } = await declareFailing(
    registry({
      keeper: { enabled: true },
      backup: { folder: "/mnt/backup" },
      registryConfigOverrides: { storage: { s3: {} } },
    }),
  );
  assert.match(message, /keeper: cannot work where storage\.s3 keeps the images in an object store/);
  assert.match(message, /registryConfigOverrides\.storage: is given beside storage\.s3/);
  assert.equal(resources.length, 0);
});
