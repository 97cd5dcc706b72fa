import { join } from "node:path";
import { assignments, shellText } from "../../components/base/shellScript";
import { pauseFlag } from "../../components/docker/paths";
import { stackOption } from "../../infra/stackOption";
import { problem, say } from "../say";
import { lastLines, type Result, run } from "../shell";
import { rcloneLines, sizeIn } from "./rcloneLines";
import { besideRegistry, bucketOf, hasCache, isReadOnly, type RunningRegistry } from "./runningRegistry";

/** What a collection is asked for. */
export interface Collection {
  readonly registry: RunningRegistry;
  /** Image of rclone. */
  readonly rcloneImage: string;
  /** Whether manifests without a tag go, too, unless an index names them. */
  readonly untagged: boolean;
  /** Only say what would go. */
  readonly dryRun: boolean;
  /** Whether a proxy stands before the registry, which refuses pushes meanwhile. */
  readonly hasProxy: boolean;
  /** Hours after which an upload that was never ended counts as abandoned. */
  readonly uploadHours: number;
  /** Seconds in which what a proxy has let through reaches the registry. */
  readonly settleSeconds: number;
  /** Seconds that uploads under way may take to end. */
  readonly patienceSeconds: number;
}

/** Tells a container that collects from every other. */
const collectionLabel = "private-registry-collection";

const refusal = {
  code: "DENIED",
  message:
    "the registry gives space back now and takes no push for some minutes: try again then; pulls go on",
};

/** Gives back what nothing in the bucket of a registry refers to, and says how much that was. */
export async function collectBucket(wish: Collection): Promise<string> {
  const { registry } = wish;
  const bucket = bucketOf(registry);
  if (bucket === undefined)
    throw problem(
      `${registry.name} keeps its images on a disk, where the keeper collects: npm run images --${stackOption(registry.stack)} collect`,
    );
  if (hasCache(registry))
    throw problem(
      "registry.cache: a registry with a cache goes on listing what a collection deletes; leave the option out, run up, then collect",
    );
  if (!wish.hasProxy && !isReadOnly(registry))
    throw problem(
      "there is no proxy to refuse pushes meanwhile: set registry.readOnly to true, run up, collect, and set it back",
    );
  const before = await sizeOf(wish);
  say(
    `Collection: ${before.count} objects with ${inMegabytes(before.bytes)} in ${bucket.bucket}; pulls go on, pushes are refused`,
  );
  const values = {
    PAUSE: pauseFlag,
    TEXT: JSON.stringify({ errors: [refusal] }),
    SETTLE: wish.settleSeconds,
    PATIENCE: wish.patienceSeconds,
    UNTAGGED: wish.untagged,
    DRY_RUN: wish.dryRun,
    PAUSES: wish.hasProxy,
  };
  const script = `${assignments(values)}\n${shellText(join(__dirname, "collect.sh"))}`;
  const collected = await run([...besideRegistry(registry, registry.image, collectionLabel), script], {
    env: registry.environment,
  });
  if (collected.status !== 0) throw problem(`nothing more was collected: ${collected.stderr.trim()}`);
  const found = collected.stdout.trim();
  if (wish.dryRun) return `${found}; nothing was deleted`;
  const cleaned = await rclone(wish, "abandoned.sh", { HOURS: wish.uploadHours });
  if (cleaned.status !== 0) say(`Collection: abandoned uploads stay: ${lastLines(cleaned.stderr, 1)}`);
  const after = await sizeOf(wish);
  const freed = Math.max(0, before.bytes - after.bytes);
  return `${found}; ${inMegabytes(freed)} freed, ${inMegabytes(after.bytes)} in ${after.count} objects stay`;
}

/** Lets pushes through again, where a collection was killed and could not. Answers whether there was need. */
export async function endPause(
  registry: string,
  environment: RunningRegistry["environment"],
): Promise<boolean> {
  const script = `[ -e ${pauseFlag} ] && rm -f ${pauseFlag}`;
  const beside = await run(["docker", "ps", "--quiet", "--filter", `label=${collectionLabel}=${registry}`], {
    env: environment,
  });
  if (beside.stdout.trim() !== "") return false;
  return (await run(["docker", "exec", registry, "sh", "-c", script], { env: environment })).status === 0;
}

function rclone(
  { registry, rcloneImage }: Collection,
  file: string,
  values: Parameters<typeof assignments>[0] = {},
): Promise<Result> {
  const bucket = bucketOf(registry);
  if (bucket === undefined) throw new Error("a registry on a disk");
  const texts = ["rclone.sh", file].map((name) => shellText(join(__dirname, name)));
  const script = [assignments(values), ...texts].join("\n");
  return run([...besideRegistry(registry, rcloneImage), script], {
    env: registry.environment,
    input: rcloneLines(bucket),
  });
}

async function sizeOf(wish: Collection) {
  const { status, stdout, stderr } = await rclone(wish, "size.sh");
  if (status !== 0) throw problem(`the bucket cannot be read: ${lastLines(stderr, 1)}`);
  return sizeIn(stdout);
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
