import { bucketProblems } from "../base/bucketProblems";
import { isIpAddress, portProblems } from "../base/hostnames";
import { given, hasControlCharacter, quoted, timeOfDayProblems, wholeNumberProblems } from "../base/values";
import {
  imageProblems,
  instanceNameProblems,
  LEAST_BACKUP_MEMORY_MIB,
  labelProblems,
  logRotationProblems,
  resourceProblems,
} from "../docker/problems";
import { outgoingProblems } from "../outgoing/problems";
import { knownKeyProblems } from "../registry/s3Problems";
import { hostPathProblem } from "../registry/storageProblems";
import type { BackupArgs, BackupKeepArgs, RegistryBackupArgs, S3TargetArgs, SftpTargetArgs } from "./args";
import type { ResolvedRegistryBackup } from "./defaults";

/** Every problem of a RegistryBackup's arguments. */
export function registryBackupProblems(args: RegistryBackupArgs, settings: ResolvedRegistryBackup): string[] {
  const { dataVolumeName, dataHostPath } = settings;
  return [
    ...instanceNameProblems(settings.instance),
    ...((dataVolumeName === undefined) === (dataHostPath === undefined)
      ? ["dataVolumeName, dataHostPath: both are given, or none; give one of them"]
      : []),
    ...backupProblems(args.settings, dataHostPath, "settings"),
    ...outgoingProblems(settings.outgoing),
    ...logRotationProblems(settings.logRotation),
    ...labelProblems(settings.labels),
  ];
}

/** Problems of a backup's settings. @param dataHostPath - where the images are, if that is a path of the Docker host */
export function backupProblems(backup: BackupArgs, dataHostPath?: string, argument = "backup"): string[] {
  const targets = (["folder", "sftp", "s3"] as const).filter((target) => backup[target] !== undefined);
  return [
    ...(targets.length === 1
      ? []
      : [
          `${argument}: has ${targets.length === 0 ? "no target" : targets.join(" and ")}; give one of folder, sftp and s3`,
        ]),
    ...given(backup.folder, (folder) => folderProblems(folder, dataHostPath, argument)),
    ...given(backup.sftp, (sftp) => sftpProblems(sftp, argument)),
    ...given(backup.s3, (s3) => s3Problems(s3, argument)),
    ...timeOfDayProblems(`${argument}.at`, backup.at, "02:00"),
    ...given(backup.keep, (keep) => keepProblems(keep, argument)),
    ...given(backup.image, (image) => imageProblems(`${argument}.image`, image)),
    ...given(backup.resources, (resources) =>
      resourceProblems(`${argument}.resources`, resources, LEAST_BACKUP_MEMORY_MIB),
    ),
  ];
}

/** A backup's password, once it is known. */
export function backupPasswordProblems(password: string, argument = "backup.password"): string[] {
  return password.trim() === "" || hasControlCharacter(password)
    ? [
        `${argument}: is empty or has a control character in it; write a password of one line, or leave it out`,
      ]
    : [];
}

function folderProblems(folder: string, dataHostPath: string | undefined, argument: string): string[] {
  const problem = hostPathProblem(folder, '"/mnt/backup/registry"');
  if (problem !== undefined) return [`${argument}.folder: ${problem}`];
  const isWithin =
    dataHostPath !== undefined && `${folder}/`.startsWith(`${dataHostPath.replace(/\/+$/, "")}/`);
  return isWithin
    ? [`${argument}.folder: ${quoted(folder)} is in the folder of the images; write one on another disk`]
    : [];
}

function sftpProblems({ host, port, user, folder, hostKeys }: SftpTargetArgs, argument: string): string[] {
  const path = `${argument}.sftp`;
  return [
    ...(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host) || isIpAddress(host)
      ? []
      : [
          `${path}.host: ${quoted(host)} is neither a name nor an address; write one such as "backup.example.com"`,
        ]),
    ...given(port, (value) => portProblems(`${path}.port`, value)),
    ...(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(user)
      ? []
      : [`${path}.user: ${quoted(user)} is no name of a user; write one such as "backup"`]),
    ...(folder === "" || hasControlCharacter(folder)
      ? [`${path}.folder: ${quoted(folder)} is no folder; write one such as "/srv/registry"`]
      : []),
    ...(hostKeys.length === 0
      ? [`${path}.hostKeys: is empty; write a line of /etc/ssh/ssh_host_ed25519_key.pub of ${host}`]
      : []),
    ...hostKeys.flatMap((key, index) =>
      /^(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+=*(?: [^\p{Cc}]*)?$/u.test(key)
        ? []
        : [
            `${path}.hostKeys[${index}]: ${quoted(key)} is no public key; write a line such as "ssh-ed25519 AAAA..."`,
          ],
    ),
  ];
}

function s3Problems(s3: S3TargetArgs, argument: string): string[] {
  const { accessKey, secretKey } = s3;
  const path = `${argument}.s3`;
  return [
    ...bucketProblems(s3, path),
    ...knownKeyProblems({ accessKey }, path),
    ...(secretKey === undefined ? [`${path}.secretKey: is missing; give the secret of that access key`] : []),
  ];
}

function keepProblems(keep: BackupKeepArgs, argument: string): string[] {
  const names = ["last", "daily", "weekly", "monthly", "yearly"] as const;
  const problems = names.flatMap((name) =>
    wholeNumberProblems(`${argument}.keep.${name}`, keep[name], 0, 10_000),
  );
  const given = names.map((name) => keep[name]).filter((value) => value !== undefined);
  return problems.length === 0 && given.length > 0 && given.every((value) => value === 0)
    ? [`${argument}.keep: keeps no snapshot at all; write a rule such as daily: 7`]
    : problems;
}
