/** Written to see that a push can be. */
const probeFile = ".private-registry-health";

/** Tells the place of the images from the empty folder that is left where their disk is not mounted. */
export const markFile = ".private-registry-data";

/** What the mark says to who finds it. */
export const markText =
  "The images of a private registry are here. It does not start where this file is missing.\n";

/** Seconds that a registry may take until it answers. */
const patience = 30;

/** Where the registry keeps things in its container. */
export interface RegistryPlaces {
  readonly dataPath: string;
  /** Whether images are kept there: not in an object store. */
  readonly writes: boolean;
}

/** What the preparation needs to know beside them. */
export interface PrepareSettings extends RegistryPlaces {
  /** Folder of the socket. Defaults to none: clients reach the registry directly. */
  readonly socketPath?: string;
  /** Mount point of the configuration. */
  readonly filesPath: string;
  /** Folder below it that holds the new files. */
  readonly generation: string;
  /** Numeric user and group of the registry. */
  readonly uid: number;
  /** Give every file to that user, not the top folders alone. Defaults to false. */
  readonly recursive?: boolean;
}

/** Ends a script where the images are not in their place. */
const refuseWithoutMark = (dataPath: string) => `if [ ! -e ${dataPath}/${markFile} ]; then
  echo "the images are not in their place: it has no file ${markFile}. Is its disk mounted? If you emptied it on purpose, create that file there" >&2
  exit 1
fi`;

/**
 * Script of the prepare one-shot. A fresh volume belongs to root, and a registry that may not write there
 * answers 200 on `/v2/` and 500 on a push; and Docker may give uploaded files to root or to the image's user.
 * Of older configurations it leaves those two that a registry was last seen to start with.
 */
export function prepareScript(settings: PrepareSettings): string {
  const { dataPath, socketPath = "", filesPath, generation, uid, recursive = false, writes } = settings;
  const owner = `${uid}:${uid}`;
  const images = `${dataPath}/docker/registry/v2`;
  const own = [`${dataPath}/${probeFile}`, `${dataPath}/${markFile}`].join(" ");
  return `set -eu
${writes ? `${refuseWithoutMark(dataPath)}\necho writable > ${dataPath}/${probeFile}\nchown ${owner} ${own}\n` : ""}chown ${[owner, dataPath, socketPath, filesPath].filter(Boolean).join(" ")}
chown -R ${owner} ${filesPath}/${generation}
${
  recursive
    ? `chown -hR ${owner} ${dataPath}`
    : `if [ -e ${images} ] && [ "$(stat -c %u ${images})" != ${uid} ]; then
  echo "the images belong to user $(stat -c %u ${images}), the registry runs as ${uid}: set storage.takeOwnership to true for one up" >&2
  exit 1
fi`
}
cd ${filesPath}
current=$(readlink current || true)
previous=$(readlink previous || true)
for entry in */; do
  folder=\${entry%/}
  case "$folder" in
    current | previous | ${generation} | "$current" | "$previous") ;;
    *) rm -rf "$folder" ;;
  esac
done`;
}

/** Finds the registry by the names that the official images and Debian's package give it. */
const findProgram = `if ! program=$(command -v registry || command -v docker-registry); then
  echo "the image has no program named registry" >&2
  exit 1
fi`;

/** What the registry needs to start. */
export interface StartSettings extends RegistryPlaces {
  /** Path of its config.yml. */
  readonly configPath: string;
}

/**
 * Starts the registry where its images are. Docker tries again and again, and so finds a disk that is mounted late;
 * a registry that ran already would never see it.
 */
export function startScript({ configPath, dataPath, writes }: StartSettings): string {
  return `${writes ? `${refuseWithoutMark(dataPath)}\n` : ""}${findProgram}
exec "$program" serve ${configPath}`;
}

/** What a registry is tried with. */
export interface TrialSettings extends RegistryPlaces {
  readonly filesPath: string;
  readonly generation: string;
  /** Address of the registry's debug server. */
  readonly debugAddress: string;
  /** Whether clients reach the registry directly; else it listens on a unix socket. */
  readonly direct: boolean;
}

/**
 * Script of the try one-shot: starts a registry as the new one will be, in a container apart, and sees that it
 * answers. One that would end at once must not take the place of one that serves. Then `current` leads to its files:
 * the server names its own by their folder, people and tools find them there.
 */
export function trialScript(settings: TrialSettings): string {
  const { filesPath, generation, debugAddress, direct, writes } = settings;
  const address = "127.0.0.1:5000";
  const listening = direct ? "" : `REGISTRY_HTTP_NET=tcp REGISTRY_HTTP_ADDR=${address} `;
  const asked = [
    `http://${debugAddress}/debug/health`,
    ...(direct ? [] : [`http://${address}/v2/${writes ? "" : "_catalog?n=1"}`]),
  ];
  return `set -u
cd ${filesPath} || exit 1
${findProgram}
${listening}"$program" serve ${filesPath}/${generation}/config.yml &
registry=$!
answers() {
  for url in ${asked.map((url) => `"${url}"`).join(" ")}; do
    wget -q -T 5 -O /dev/null "$url" 2>/dev/null || return 1
  done
}
fail() {
  echo "$1" >&2
  exit 1
}
ended() {
  fail "the registry does not start with these settings, its reason is above; the running one was left alone"
}
tries=${patience * 10}
until answers; do
  kill -0 $registry 2>/dev/null || ended
  [ "$tries" -gt 0 ] || fail "the registry does not answer with these settings; the running one was left alone"
  tries=$((tries - 1))
  sleep 0.1
done
# Its certificate is read last, after it has begun to listen.
sleep 0.3
kill $registry 2>/dev/null || ended
current=$(readlink current || true)
if [ "$current" != ${generation} ]; then
  [ -z "$current" ] || ln -sfn "$current" previous
  ln -sfn ${generation} current
fi`;
}

export interface HealthSettings extends RegistryPlaces {
  /** Address of the registry's debug server. */
  readonly debugAddress: string;
}

/** Healthy means that the storage driver answers and, on a disk, that it is the right one and a push can be written. */
export function healthScript({ debugAddress, dataPath, writes }: HealthSettings): string {
  const answers = `wget -q -O /dev/null http://${debugAddress}/debug/health`;
  return writes
    ? `${refuseWithoutMark(dataPath)}\n${answers} && echo writable > ${dataPath}/${probeFile}`
    : answers;
}
