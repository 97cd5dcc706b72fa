import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BackupArgs } from "../../../components/backup/args";
import { keepArguments, knownHosts, repositoryOf, targetOf } from "../../../components/backup/backupTarget";
import { resolvedBackup } from "../../../components/backup/defaults";
import { backupPasswordProblems, backupProblems } from "../../../components/backup/problems";

const sftp = {
  host: "backup.example.com",
  user: "registry",
  folder: "/srv/registry",
  hostKeys: ["ssh-ed25519 AAAA"],
};
const s3 = { endpoint: "https://s3.example.com", bucket: "registry", accessKey: "key", secretKey: "secret" };

describe("the settings of backups", () => {
  test("are fine with one target, whichever", () => {
    for (const backup of [{ folder: "/mnt/backup/registry" }, { sftp }, { s3 }] satisfies BackupArgs[])
      assert.deepEqual(backupProblems(backup, "/srv/registry"), []);
  });

  test("are refused with none, with two, and for each value that cannot be", () => {
    const cases: readonly (readonly [BackupArgs, RegExp])[] = [
      [{}, /^backup: has no target; give one of folder, sftp and s3$/],
      [{ folder: "/mnt/a", s3 }, /^backup: has folder and s3; give one/],
      [{ folder: "backup" }, /^backup\.folder: "backup" is not an absolute path/],
      [{ folder: "/etc" }, /^backup\.folder: "\/etc" is a folder of the system/],
      [{ folder: "/srv/registry/backup" }, /^backup\.folder: .* is in the folder of the images/],
      [{ folder: "/srv/registry" }, /is in the folder of the images/],
      [{ folder: "/mnt/a", at: "2:00" }, /^backup\.at: "2:00" is not a time of day/],
      [{ folder: "/mnt/a", keep: { daily: -1 } }, /^backup\.keep\.daily: -1 is out of range/],
      [{ folder: "/mnt/a", keep: { daily: 0 } }, /^backup\.keep: keeps no snapshot at all/],
      [{ folder: "/mnt/a", image: "https://x" }, /^backup\.image: /],
      [
        { folder: "/mnt/a", resources: { memoryMib: 10 } },
        /^backup\.resources\.memoryMib: 10 is out of range; write a whole number from 128 to /,
      ],
      [{ sftp: { ...sftp, host: "a b" } }, /^backup\.sftp\.host: "a b" is neither/],
      [{ sftp: { ...sftp, port: 0 } }, /^backup\.sftp\.port: 0 /],
      [{ sftp: { ...sftp, user: "-o" } }, /^backup\.sftp\.user: "-o" is no name/],
      [{ sftp: { ...sftp, folder: "" } }, /^backup\.sftp\.folder: "" is no folder/],
      [{ sftp: { ...sftp, hostKeys: [] } }, /^backup\.sftp\.hostKeys: is empty/],
      [
        { sftp: { ...sftp, hostKeys: ["a\nb"] } },
        /^backup\.sftp\.hostKeys\[0\]: "a\\u000ab" is no public key|^backup\.sftp\.hostKeys\[0\]: /,
      ],
      [{ s3: { ...s3, endpoint: "s3.example.com" } }, /^backup\.s3\.endpoint: /],
      [{ s3: { ...s3, bucket: "A" } }, /^backup\.s3\.bucket: "A" is no name/],
      [{ s3: { ...s3, folder: "../x y" } }, /^backup\.s3\.folder: /],
      [{ s3: { ...s3, region: "a b" } }, /^backup\.s3\.region: /],
      [{ s3: { ...s3, accessKey: "" } }, /^backup\.s3\.accessKey: /],
      [{ s3: { ...s3, secretKey: undefined } }, /^backup\.s3\.secretKey: is missing/],
    ];
    for (const [backup, problem] of cases) {
      const found = backupProblems(backup, "/srv/registry");
      assert.equal(found.length, 1, JSON.stringify([backup, found]));
      assert.match(found[0] ?? "", problem);
    }
    assert.deepEqual(backupPasswordProblems("correct horse"), []);
    for (const bad of ["", " ", "a\nb"])
      assert.match(backupPasswordProblems(bad)[0] ?? "", /^backup\.password: /);
  });

  test("are told to restic in its own words", () => {
    assert.equal(repositoryOf(resolvedBackup({ folder: "/mnt/a" })), "/repository");
    assert.equal(targetOf(resolvedBackup({ folder: "/mnt/a" })), "the folder /mnt/a");
    assert.equal(
      repositoryOf(resolvedBackup({ sftp })),
      "sftp://registry@backup.example.com:22//srv/registry",
    );
    const six = resolvedBackup({ sftp: { ...sftp, host: "2001:db8::1", port: 2222 } });
    assert.equal(repositoryOf(six), "sftp://registry@[2001:db8::1]:2222//srv/registry");
    assert.equal(six.sftp && knownHosts(six.sftp), "[2001:db8::1]:2222 ssh-ed25519 AAAA\n");
    const plain = resolvedBackup({ sftp });
    assert.equal(plain.sftp && knownHosts(plain.sftp), "backup.example.com ssh-ed25519 AAAA\n");
    const folder = resolvedBackup({ s3: { ...s3, endpoint: "https://s3.example.com/", folder: "a/b" } });
    assert.equal(repositoryOf(folder), "s3:https://s3.example.com/registry/a/b");
    assert.equal(keepArguments(resolvedBackup({})), "--keep-daily 7 --keep-weekly 5 --keep-monthly 12");
    assert.equal(
      keepArguments(resolvedBackup({ keep: {} })),
      "--keep-daily 7 --keep-weekly 5 --keep-monthly 12",
    );
    assert.equal(keepArguments(resolvedBackup({ keep: { last: 3, daily: 0 } })), "--keep-last 3");
  });
});
