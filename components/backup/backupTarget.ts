import type { ResolvedBackup } from "./defaults";

/** Where a folder of the Docker host is in the container. */
export const repositoryPath = "/repository";

/** Where restic finds its repository, in its own words. */
export function repositoryOf({ sftp, s3 }: Pick<ResolvedBackup, "sftp" | "s3">): string {
  if (sftp !== undefined) {
    const host = sftp.host.includes(":") ? `[${sftp.host}]` : sftp.host;
    // Two slashes: a path from the root, and not from the user's home.
    return `sftp://${sftp.user}@${host}:${sftp.port}/${sftp.folder}`;
  }
  if (s3 !== undefined) {
    const parts = [
      s3.endpoint.replace(/\/+$/, ""),
      s3.bucket,
      ...(s3.folder === undefined ? [] : [s3.folder]),
    ];
    return `s3:${parts.join("/")}`;
  }
  return repositoryPath;
}

/** The same for people. */
export function targetOf(backup: Pick<ResolvedBackup, "folder" | "sftp" | "s3">): string {
  return backup.folder === undefined ? repositoryOf(backup) : `the folder ${backup.folder}`;
}

/** Arguments of `restic forget` that say what stays. */
export function keepArguments({ keep }: Pick<ResolvedBackup, "keep">): string {
  return (["last", "daily", "weekly", "monthly", "yearly"] as const)
    .flatMap((name) => (keep[name] ? [`--keep-${name} ${keep[name]}`] : []))
    .join(" ");
}

/** Lines by which ssh knows the other machine. */
export function knownHosts({ host, port, hostKeys }: NonNullable<ResolvedBackup["sftp"]>): string {
  const name = port === 22 ? host : `[${host}]:${port}`;
  return hostKeys.map((key) => `${name} ${key}\n`).join("");
}
