/** Where the registry keeps things in its container. */
export interface PrepareSettings {
  readonly dataPath: string;
  /** Folder of the socket. Defaults to none: clients reach the registry directly. */
  readonly socketPath?: string;
  /** Mount point of the configuration. */
  readonly filesPath: string;
  /** Numeric user and group of the registry. */
  readonly uid: number;
  /** Give every file to that user, not the top folders alone. Defaults to false. */
  readonly recursive?: boolean;
  /** Whether images are kept there: not in an object store. */
  readonly writes: boolean;
}

/** Written to see that a push can be. */
const probeFile = ".private-registry-health";

/**
 * Script of the prepare one-shot. A fresh volume belongs to root, and a registry that may not write there
 * answers 200 on `/v2/` and 500 on a push; and Docker may give uploaded files to root or to the image's user.
 */
export function prepareScript(settings: PrepareSettings): string {
  const { dataPath, socketPath = "", filesPath, uid, recursive = false, writes } = settings;
  const owner = `${uid}:${uid}`;
  const images = `${dataPath}/docker/registry/v2`;
  const probe = `${dataPath}/${probeFile}`;
  return `set -eu
${writes ? `echo writable > ${probe}\nchown ${owner} ${probe}\n` : ""}chown ${[owner, dataPath, socketPath].join(" ").trim()}
chown -R ${owner} ${filesPath}
${
  recursive
    ? `chown -hR ${owner} ${dataPath}`
    : `if [ -e ${images} ] && [ "$(stat -c %u ${images})" != ${uid} ]; then
  echo "the images belong to user $(stat -c %u ${images}), the registry runs as ${uid}: set storage.takeOwnership to true for one up" >&2
  exit 1
fi`
}`;
}

export interface HealthSettings {
  /** Address of the registry's debug server. */
  readonly debugAddress: string;
  readonly dataPath: string;
  /** Whether to write to the disk: not for an object store. */
  readonly writes: boolean;
}

/** Healthy means that the storage driver answers and, on a disk, that a push can be written. */
export function healthScript({ debugAddress, dataPath, writes }: HealthSettings): string {
  const answers = `wget -q -O /dev/null http://${debugAddress}/debug/health`;
  return writes ? `${answers} && echo writable > ${dataPath}/${probeFile}` : answers;
}
