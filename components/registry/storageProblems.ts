import { given, hasControlCharacter, quoted } from "../base/values";
import { s3Problems } from "./s3Problems";
import type { StorageArgs } from "./storageArgs";

/** Docker's pattern of volume names: `RestrictedNamePattern` in moby, daemon/names. It is that of a folder, too. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}$/;

/** Folders that a system keeps for itself; the data folder changes its owner to the registry's user. */
const SYSTEM_FOLDERS = [
  ..."/bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr".split(
    " ",
  ),
  ..."/usr/bin /usr/lib /usr/local /var /var/cache /var/lib /var/lib/docker /var/log /var/run /var/tmp".split(
    " ",
  ),
];

const EXAMPLE = '"/srv/registry"';

/** Problems of the place where images are kept. */
export function storageProblems(storage: StorageArgs, argument = "storage"): string[] {
  const { volumeName, hostPath } = storage;
  const problems: string[] = [];
  if (volumeName !== undefined && hostPath !== undefined) {
    problems.push(`${argument}: has both volumeName and hostPath; leave one of them out`);
  }
  if (volumeName !== undefined && !VOLUME_NAME.test(volumeName)) {
    problems.push(
      `${argument}.volumeName: ${quoted(volumeName)} is not a volume name; ` +
        "write 2 to 255 letters, digits or . _ -, a letter or digit first",
    );
  }
  const pathProblem = hostPath === undefined ? undefined : hostPathProblem(hostPath);
  if (pathProblem !== undefined) {
    problems.push(`${argument}.hostPath: ${pathProblem}`);
  }
  return [...problems, ...given(storage.s3, (s3) => s3Problems(s3, `${argument}.s3`))];
}

/** What is wrong with a folder of the Docker host, which we give to our user; undefined if nothing is. */
export function hostPathProblem(path: string, example = EXAMPLE): string | undefined {
  if (!path.startsWith("/")) {
    return `${quoted(path)} is not an absolute path; write one that begins with /, such as ${example}`;
  }
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    return `${quoted(path)} has .. in it; write the path without it, such as ${example}`;
  }
  if (hasControlCharacter(path) || path.includes(":")) {
    return `${quoted(path)} has a colon or control character in it, which Docker cannot mount; write a path without`;
  }
  const folder = `/${parts.join("/")}`;
  if (folder === "/" || SYSTEM_FOLDERS.includes(folder)) {
    return `${quoted(path)} is a folder of the system; write a folder for the registry alone, such as ${example}`;
  }
  return undefined;
}
