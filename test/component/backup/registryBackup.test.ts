import assert from "node:assert/strict";
import { test } from "node:test";
import {
  PrivateRegistry,
  type PrivateRegistryArgs,
  RegistryBackup,
  type RegistryBackupArgs,
} from "../../../components";
import { asHelper, asLoader, asServer, hardeningOf, namedFilesOf } from "../../support/containers";
import { declare, declareFailing } from "../../support/mocks";

const sftp = {
  host: "backup.example.com",
  user: "registry",
  folder: "/srv/registry",
  hostKeys: ["ssh-ed25519 AAAA"],
};
const s3 = {
  endpoint: "https://s3.example.com",
  bucket: "registry",
  accessKey: "key",
  secretKey: "a secret",
};

const backup = (settings: RegistryBackupArgs["settings"], args: Partial<RegistryBackupArgs> = {}) =>
  declare(
    () =>
      new RegistryBackup("backup", {
        dataVolumeName: "data",
        controlVolumeName: "control",
        settings,
        ...args,
      }),
  );

const failing = async (args: Partial<PrivateRegistryArgs>) => {
  const program = () => new PrivateRegistry("main", { hostnames: ["registry.example.com"], ...args });
  const { message, resources } = await declareFailing(program);
  assert.deepEqual(resources, []);
  return message.split("\n").slice(1);
};

test("a backup to a folder is a server without network that reads the images and writes to that folder", async () => {
  const { get, resources } = await backup({ folder: "/mnt/backup" });
  const { inputs } = get("backup-container");
  assert.deepEqual(hardeningOf(get("backup-container")), asServer);
  assert.deepEqual(
    [inputs.networkMode, inputs.networksAdvanced, inputs.ports],
    ["none", undefined, undefined],
  );
  assert.ok(!resources.some(({ type }) => type === "docker:Network"));
  assert.deepEqual(inputs.volumes, [
    { volumeName: "data", containerPath: "/var/lib/registry", readOnly: true },
    { volumeName: "control", containerPath: "/var/lib/private-registry-keeper" },
    { volumeName: "shop-test-backup-backup-files", containerPath: "/etc/private-registry", readOnly: true },
    { volumeName: "shop-test-backup-backup-cache", containerPath: "/var/cache/restic" },
    { hostPath: "/mnt/backup", containerPath: "/repository" },
  ]);
  assert.deepEqual(hardeningOf(get("backup-prepare")), asHelper);
  assert.deepEqual(hardeningOf(get("backup-files")), asLoader);
  assert.ok(get("backup-container").dependsOn.includes("backup-prepare"));
});

test("only one to another machine has a network, and none has a secret outside its files", async () => {
  for (const settings of [{ sftp: { ...sftp, privateKey: "a secret" } }, { s3 }]) {
    const { get, resources } = await backup({ ...settings, password: "a secret password" });
    const { inputs } = get("backup-container");
    assert.equal(inputs.networkMode, undefined);
    assert.equal(inputs.networksAdvanced.length, 1);
    for (const { name, inputs: given } of resources.filter(({ type }) => type === "docker:Container"))
      if (name !== "backup-files") assert.doesNotMatch(JSON.stringify(given), /a secret/, name);
    const files = namedFilesOf(get("backup-files"));
    assert.equal(files.password, "a secret password");
    assert.match(Object.values(files).join("\n"), /a secret(?! password)/);
  }
});

test("ssh has a user with a name, a key that was made for it, and the keys of the other machine alone", async () => {
  const { get } = await backup({ sftp });
  assert.equal(get("backup-container").inputs.user, "65534:10001");
  const files = namedFilesOf(get("backup-files"));
  assert.equal(files.knownHosts, "backup.example.com ssh-ed25519 AAAA\n");
  assert.equal(get("backup-ssh-key").inputs.algorithm, "ED25519");
});

test("a registry with backups tells its keeper when, and one without has nothing of them", async () => {
  const of = (args: Partial<PrivateRegistryArgs>) =>
    declare(() => new PrivateRegistry("main", { hostnames: ["registry.example.com"], ...args }));
  const [without, daily] = [await of({}), await of({ backup: { folder: "/mnt/backup", at: "01:15" } })];
  assert.ok(!without.resources.some(({ name }) => name.includes("backup")));
  assert.doesNotMatch(namedFilesOf(without.get("main-keeper-files")).schedule ?? "", /BACKUP/);
  assert.match(namedFilesOf(daily.get("main-keeper-files")).schedule ?? "", /^BACKUP_AT='01:15'$/m);
  // Nothing that runs is replaced for it.
  for (const server of ["main-keeper-container", "main-proxy-container", "main-registry-container"])
    assert.deepEqual(daily.get(server).inputs, without.get(server).inputs, server);
});

test("backups are refused where there is no keeper that could ask for them", async () => {
  const folder = { folder: "/mnt/backup" };
  assert.match(
    (await failing({ backup: folder, keeper: { enabled: false } })).join("\n"),
    /backup: needs the keeper/,
  );
  assert.match(
    (await failing({ backup: folder, registry: { deleteEnabled: false } })).join("\n"),
    /backup: needs the keeper, which cannot work where registry\.deleteEnabled is false/,
  );
});

test("a password that is none is refused before anything is created", async () => {
  const backup = { folder: "/mnt/backup", password: " " };
  const program = () => new PrivateRegistry("main", { hostnames: ["registry.example.com"], backup });
  const { message, resources } = await declareFailing(program);
  assert.match(message, /backup\.password: is empty/);
  assert.ok(!resources.some(({ type }) => type.startsWith("docker:")));
});
