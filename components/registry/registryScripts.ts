import { join } from "node:path";
import { shellScript, shellText, shellWord } from "../base/shellScript";
import { dataPath, filesPath } from "../docker/paths";

/** Written to see that a push can be. */
export const probeFile = ".private-registry-health";

/** Tells the place of the images from the empty folder that is left where their disk is not mounted. */
export const markFile = ".private-registry-data";

/** What the mark says to who finds it. */
export const markText =
  "The images of a private registry are here. It does not start where this file is missing.";

/** What the preparation needs to know. */
export interface PrepareSettings {
  /** Folder of the socket. Defaults to none: clients reach the registry directly. */
  readonly socketPath?: string;
  /** Folder of the configuration's volume that holds the new files. */
  readonly generation: string;
  /** Numeric user and group of the registry. */
  readonly uid: number;
  /** Give every file to that user, not the top folders alone. Defaults to false. */
  readonly recursive?: boolean;
  /** Whether images are kept in the data volume: not in an object store. */
  readonly writes: boolean;
  /** Whether there is a data volume. Defaults to true. */
  readonly hasData?: boolean;
}

/** Script of the prepare one-shot: gives the volumes to the registry's user. */
export function prepareScript(settings: PrepareSettings): string {
  const { socketPath = "", generation, uid, recursive = false, writes, hasData = true } = settings;
  const disk = () =>
    shellScript(join(__dirname, "prepareDisk.sh"), {
      SERVICE_UID: uid,
      DATA_PATH: dataPath,
      PROBE: `${dataPath}/${probeFile}`,
      MARK: `${dataPath}/${markFile}`,
    });
  const rest = shellScript(join(__dirname, "prepare.sh"), {
    SERVICE_UID: uid,
    DATA_PATH: hasData ? dataPath : "",
    SOCKET_PATH: socketPath,
    FILES_PATH: filesPath,
    GENERATION: generation,
    RECURSIVE: recursive,
  });
  return writes ? `${disk()}\n${rest}` : rest;
}

/** Script of the mark one-shot: marks the place of the images, unless it is marked. */
export function markScript(uid: number): string {
  return shellScript(join(__dirname, "placeMark.sh"), {
    SERVICE_UID: uid,
    MARK: `${dataPath}/${markFile}`,
    TEXT: markText,
  });
}

/**
 * Starts the registry where its images are. Docker tries again and again, and so finds a disk that is mounted late;
 * a registry that ran already would never see it.
 *
 * @param configPath - of its config.yml
 * @param writes - whether images are kept in the data volume
 * @param proxyPath - of the file with the proxy to ask by. Defaults to none.
 */
export function startScript(configPath: string, writes: boolean, proxyPath?: string): string {
  const files = [...(writes ? ["mark.sh"] : []), "findProgram.sh"];
  const texts = files.map((file) => shellText(join(__dirname, file)));
  const proxy = proxyPath === undefined ? [] : [`. ${shellWord(proxyPath)}`];
  return [...texts, ...proxy, `exec "$program" serve ${shellWord(configPath)}`].join("\n");
}

/** What a registry is tried with. */
export interface TrialSettings {
  /** Folder of the configuration's volume that holds the new files. */
  readonly generation: string;
  /** Address of the registry's debug server. */
  readonly debugAddress: string;
  /** Whether clients reach the registry directly; else it listens on a unix socket. */
  readonly direct: boolean;
  /** Whether images are kept in the data volume: not in an object store. */
  readonly writes: boolean;
  /** Path of the file with the proxy to ask by. Defaults to none. */
  readonly proxyPath?: string;
  /** File and address of a registry that tries what the key of a bucket may do. Defaults to none. */
  readonly store?: { readonly file: string; readonly address: string };
}

/**
 * Script of the try one-shot: starts a registry as the new one will be, and sees that it answers; before, that the bucket
 * takes and gives what a registry writes.
 */
export function trialScript({
  generation,
  debugAddress,
  direct,
  writes,
  proxyPath,
  store,
}: TrialSettings): string {
  const proxy = proxyPath === undefined ? "" : `. ${shellWord(proxyPath)}`;
  const script = shellScript(join(__dirname, "trial.sh"), {
    FILES_PATH: filesPath,
    GENERATION: generation,
    DEBUG_ADDRESS: debugAddress,
    DIRECT: direct,
    WRITES: writes,
  });
  const tryStore =
    store &&
    shellScript(join(__dirname, "tryStore.sh"), {
      STORE_CONFIG: `${filesPath}/${generation}/${store.file}`,
      STORE_ADDRESS: store.address,
    });
  return [proxy, tryStore, script].filter(Boolean).join("\n");
}

/**
 * Healthy means that the storage driver answers and, on a disk, that it is the right one and a push can be written.
 *
 * @param notes Whether the registry's figures are put where the proxy finds them, before anything else.
 */
export function healthScript(writes: boolean, notes = false): string {
  const files = [...(notes ? ["noteMetrics.sh"] : []), writes ? "healthOnDisk.sh" : "health.sh"];
  return files.map((file) => shellText(join(__dirname, file))).join("\n");
}
