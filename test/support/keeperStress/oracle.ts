import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { layoutOf } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { batchNames } from "../../../components/keeper/program/trash";
import { output } from "../../../tools/shell";
import type { RegistryProcess } from "../registryProcess";
import { makeKeeper } from "./keeperProcess";
import { livingIn } from "./living";
import { diskOf, mentionedIn, readData } from "./verify";

/** What may go of one instant's data, by the keeper and by the registry's own collector. */
export interface Opinions {
  /** Blobs that the keeper would take at once, by digest. */
  readonly keeper: ReadonlySet<string>;
  /** What the registry would delete without manifests that no tag points to, but for those about something dead. */
  readonly registry: ReadonlySet<string>;
  /** What it would delete with all manifests that no tag points to. */
  readonly registryUntagged: ReadonlySet<string>;
  /** What all manifests there are reach, and what those do that live because their subject does. */
  readonly manifests: ReadonlySet<string>;
  readonly referrers: ReadonlySet<string>;
}

/** Asks both about a copy that is made while the registry stands still. */
export async function askBoth(
  registry: RegistryProcess,
  folder: string,
  keepsUntagged: boolean,
): Promise<Opinions> {
  const copy = join(folder, "copy");
  rmSync(folder, { recursive: true, force: true });
  await output(["mkdir", "-p", folder]);
  registry.freeze();
  try {
    await output(["cp", "-a", registry.dataFolder, copy]);
  } finally {
    registry.thaw();
  }
  const keeper = await keeperWould(folder, copy, keepsUntagged);
  const root = join(copy, "docker/registry/v2");
  const manifests = new Set<string>();
  const referrers = new Set<string>();
  const dead: string[] = [];
  for (const [repository, digests] of diskOf(root).revisions) {
    const living = livingIn(copy, repository, digests, keepsUntagged);
    for (const tag of living.deadTags)
      rmSync(join(root, "repositories", repository, "_manifests/tags", tag), { recursive: true });
    for (const digest of digests) {
      const reached = [digest, ...mentionedIn(readData(copy, digest) ?? "{}")];
      for (const each of reached) manifests.add(each);
      if (living.referrers.has(digest)) for (const each of reached) referrers.add(each);
      const revision = `_manifests/revisions/sha256/${digest.slice("sha256:".length)}/link`;
      if (living.deadReferrers.has(digest)) dead.push(join(root, "repositories", repository, revision));
    }
  }
  const registryUntagged = digestsIn(await registry.collect(copy, "--dry-run", "--delete-untagged"));
  for (const link of dead) rmSync(link);
  const own = digestsIn(await registry.collect(copy, "--dry-run"));
  return { keeper, registry: own, registryUntagged, manifests, referrers };
}

/** The blobs that it would take, without the grace. */
async function keeperWould(folder: string, dataFolder: string, keepsUntagged: boolean): Promise<Set<string>> {
  const controlFolder = join(folder, "control");
  const keeper = makeKeeper(folder, {
    dataFolder,
    controlFolder,
    // The clock of the disk is said to be two seconds behind.
    graceSeconds: -10,
    ...{ settleSeconds: 0, undoSeconds: 0, minimumTrashSeconds: 0, uploadSeconds: 0 },
    ...(keepsUntagged ? {} : { untaggedSeconds: -10 }),
    retention: [],
  });
  // The first notes what has no tag, the second what is unneeded, by which the third knows that it was.
  for (let mark = 0; mark < 3; mark++) {
    const { status, stderr } = await keeper.step("mark").done;
    if (status !== 0) throw new Error(`mark ended with ${status}: ${stderr}`);
  }
  const run: { blobs: { path: string }[] } = JSON.parse(
    readFileSync(join(controlFolder, "state/run.json"), "utf8"),
  );
  if (batchNames(nodeDisk, layoutOf(dataFolder)).length > 0) throw new Error("a mark took something");
  return new Set(run.blobs.map(({ path }) => `sha256:${path.slice(-64)}`));
}

function digestsIn(text: string): Set<string> {
  const found = text.matchAll(/blob eligible for deletion: (sha256:[0-9a-f]{64})/g);
  return new Set([...found].map(([, digest = ""]) => digest));
}
