import { join } from "node:path";
import { assignments, shellText } from "../../components/base/shellScript";
import { serviceUid } from "../../components/docker/containerSettings";
import { dataPath } from "../../components/docker/paths";
import { keeperProgram } from "../../components/keeper/keeperProgram";
import type { Settings } from "../../components/keeper/program/settings";
import { markFile, markText } from "../../components/registry/registryScripts";
import { type Result, run } from "../shell";
import type { RestoreKeys } from "./keys";

/** Images and place of a restore. */
export interface Restore {
  /** A new volume, or a path of the Docker host. */
  readonly into: string;
  readonly snapshot: string;
  readonly images: { readonly backup: string; readonly keeper: string; readonly registry: string };
  /** Docker's network by which a target that is not a folder is reached. @default <Docker's own> */
  readonly network?: string;
  readonly environment: { readonly [name: string]: string | undefined };
}

/** Where all of it is until it is proven, seen from a container. */
const place = `${dataPath}/.restoring`;

/** What the keeper's program is told: its own folder is beside the images. */
const settings: Settings = {
  dataFolder: place,
  controlFolder: `${place}/control`,
  ...{ graceSeconds: 0, settleSeconds: 0, undoSeconds: 0, minimumTrashSeconds: 0, uploadSeconds: 0 },
  retention: [],
};

/** Brings the images and the list of the backup. Its status is 2 for a place that is taken, 3 for a backup that is not there. */
export function fetchBackup(restore: Restore, keys: RestoreKeys): Promise<Result> {
  const isRemote = keys.folder === undefined;
  return container(restore, restore.images.backup, {
    options: [
      ...(isRemote
        ? ["--network", restore.network ?? "bridge"]
        : ["--network", "none", "--volume", `${keys.folder}:/repository:ro`]),
      ...["--tmpfs", "/tmp:rw,noexec,nosuid,size=1g"],
    ],
    script: `${assignments({ SNAPSHOT: restore.snapshot })}\n${shellText(join(__dirname, "fetch.sh"))}`,
    input: keys.lines,
  });
}

/** Writes the links, and reads all that is there. */
export function rebuildFromList(restore: Restore): Promise<Result> {
  return program(restore, ["--network", "none"], "rebuild");
}

/** Has a registry of its own serve it, which nobody reaches but the program that asks it for everything. */
export async function serveAndAsk(restore: Restore): Promise<Result> {
  const { environment } = restore;
  const started = await run(
    [
      ...[
        "docker",
        "run",
        "--detach",
        "--rm",
        "--network",
        "none",
        "--volume",
        `${restore.into}:${dataPath}:ro`,
      ],
      ...["--env", `REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=${place}`],
      ...["--env", "OTEL_TRACES_EXPORTER=none", "--env", "REGISTRY_HTTP_ADDR=127.0.0.1:5000"],
      ...["--env", "REGISTRY_HTTP_SECRET=none", "--env", "REGISTRY_LOG_LEVEL=warn"],
      ...["--entrypoint", "sh", restore.images.registry, "-c", registryScript],
    ],
    { env: environment },
  );
  if (started.status !== 0) return started;
  const id = started.stdout.trim();
  const asked = await program(restore, ["--network", `container:${id}`], "served");
  await run(["docker", "rm", "--force", id], { env: environment });
  return asked;
}

const registryScript = `printf 'version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: ${place}\n  maintenance:\n    uploadpurging:\n      enabled: false\nhttp:\n  addr: 127.0.0.1:5000\n' > /tmp/config.yml && exec registry serve /tmp/config.yml`;

/** Puts it in its place in the volume. */
export function finishRestore(restore: Restore): Promise<Result> {
  const values = { OWNER: `${serviceUid}:${serviceUid}`, MARK: markFile, TEXT: markText };
  return container(restore, restore.images.backup, {
    options: ["--network", "none"],
    script: `${assignments(values)}\n${shellText(join(__dirname, "finish.sh"))}`,
  });
}

function program(restore: Restore, options: readonly string[], job: string): Promise<Result> {
  return container(restore, restore.images.keeper, {
    options: [...options, "--tmpfs", "/tmp:rw,size=64m"],
    script: `${assignments({ SETTINGS: JSON.stringify(settings) })}
printf '%s' "$SETTINGS" > /tmp/settings.json && cat > /tmp/keeper.js && exec node /tmp/keeper.js /tmp/settings.json ${job}`,
    input: keeperProgram(),
  });
}

interface Work {
  readonly options: readonly string[];
  readonly script: string;
  readonly input?: string;
}

/** Runs a script as root, with no right but to read, write and give away files, on the new place. */
function container({ into, environment }: Restore, image: string, work: Work): Promise<Result> {
  const rights = ["CHOWN", "DAC_OVERRIDE", "FOWNER"].flatMap((right) => ["--cap-add", right]);
  return run(
    [
      ...["docker", "run", "--interactive", "--rm", "--user", "0:0", "--cap-drop", "ALL", ...rights],
      ...["--security-opt", "no-new-privileges:true", "--volume", `${into}:${dataPath}`, ...work.options],
      ...["--entrypoint", "sh", image, "-c", work.script],
    ],
    { env: environment, input: work.input },
  );
}
