import { type ImageKind, imageFor } from "../../components/docker/imageNames";
import { dataRole, labels } from "../../components/docker/roles";
import { type Context, stackSetting } from "../context";
import type { Environment } from "../process";
import { problem, say } from "../say";
import { lastLines, run } from "../shell";
import type { RestoreKeys } from "./keys";
import { fetchBackup, finishRestore, type Restore, rebuildFromList, serveAndAsk } from "./steps";

/** What a restore is asked for. */
export interface Wish {
  /** A new volume, or a path of the Docker host. */
  readonly into: string;
  readonly snapshot: string;
  /** Whether what is found to be wrong is told, and then used all the same. */
  readonly withFaults: boolean;
}

/** What to run the steps with. */
export function restoreOf(context: Context, environment: Environment, { into, snapshot }: Wish): Restore {
  const image = (kind: ImageKind, setting: string) =>
    stackSetting(context, setting) ?? imageFor(kind, environment);
  return {
    into,
    snapshot,
    environment,
    images: {
      backup: image("backup", "backup.image"),
      keeper: image("keeper", "keeperImage"),
      registry: image("registry", "registryImage"),
    },
  };
}

/**
 * Brings a backup into a new place and proves it there: by reading all that its tags need, and by a registry of its own that
 * is asked for every tag. Only then the images are where a registry looks.
 */
export async function restoreBackup(restore: Restore, keys: RestoreKeys, withFaults = false): Promise<void> {
  const { into } = restore;
  say(`Restore: bringing the backup into ${into}`);
  const fetched = await fetchBackup(restore, keys);
  if (fetched.status === 2) throw problem(`${into}: ${fetched.stderr.trim()}`);
  if (fetched.status === 3) throw problem(`the backup cannot be read: ${lastLines(fetched.stderr, 5)}`);
  if (fetched.status > 4 || fetched.stdout === "")
    throw problem(`the restore failed: ${lastLines(fetched.stderr, 5)}`);
  const [id, time] = fetched.stdout.trim().split(" ");
  say(`Restore: that is the backup ${id} of ${time}. Reading all of it`);
  const faults = [
    ...(fetched.status === 0 ? [] : [`not all of the backup can be read: ${lastLines(fetched.stderr, 5)}`]),
    ...faultsIn(await rebuildFromList(restore)),
  ];
  if (faults.length === 0) {
    say("Restore: asking a registry on it for every tag");
    faults.push(...faultsIn(await serveAndAsk(restore)));
  }
  for (const fault of faults) say(`Restore: ${fault}`);
  if (faults.length > 0 && !withFaults)
    throw problem(
      `the backup is not whole, and nothing of it is in use: ${into} has it in the folder .restoring alone. ` +
        "Try an older one with --snapshot, or take it as it is with --with-faults",
    );
  const finished = await finishRestore(restore);
  if (finished.status !== 0) throw problem(`the restore failed: ${lastLines(finished.stderr, 5)}`);
}

/** What a proof has found; it says on stdout what it has proven. */
function faultsIn({ status, stdout, stderr }: { status: number; stdout: string; stderr: string }): string[] {
  if (status === 0) {
    say(`Restore: ${stdout.trim()}`);
    return [];
  }
  return stderr.trim().split("\n");
}

/** Makes the volume, with the labels that the stack's own would have. One that is there is looked into later. */
export async function makeVolume(
  context: Context,
  { into, environment }: Pick<Restore, "into" | "environment">,
): Promise<void> {
  if (into.startsWith("/")) return;
  const named = {
    [labels.project]: context.project,
    [labels.stack]: context.stack,
    [labels.instance]: "main",
    [labels.role]: dataRole,
  };
  const pairs = Object.entries(named).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
  const { status, stderr } = await run(["docker", "volume", "create", ...pairs, into], { env: environment });
  if (status !== 0) throw problem(`the volume ${into} cannot be made: ${stderr.trim()}`);
}
