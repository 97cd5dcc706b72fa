import { join } from "node:path";
import { assignments, shellText } from "../../components/base/shellScript";
import { credentialsPath, dataPath } from "../../components/docker/paths";
import { markFile, markText } from "../../components/registry/registryScripts";
import type { S3Settings } from "../../components/registry/s3Config";
import { bucketName } from "../../components/registry/storagePlace";
import { problem } from "../say";
import { lastLines, run } from "../shell";
import { rcloneLines } from "./rcloneLines";
import {
  bucketOf,
  isReadOnly,
  type RunningRegistry,
  serviceUser,
  shellContainer,
  surroundings,
} from "./runningRegistry";

/** A bucket to move to. */
export interface TargetBucket {
  readonly s3: S3Settings;
  /** File of the Docker host with a key. */
  readonly credentialsFile?: string;
  /** PEM of authorities to trust. */
  readonly authorities?: string;
}

/** A move from a running registry to a bucket, or to a volume or path of the Docker host. */
export interface Move {
  readonly registry: RunningRegistry;
  readonly rcloneImage: string;
  readonly to: TargetBucket | string;
}

/** What a move has found. */
export interface Moved {
  readonly blobs: number;
  /** Of them, those that were read back by this run. */
  readonly proven: number;
  /** Whether the registry took no push meanwhile, so that nothing is left to be copied. */
  readonly isWhole: boolean;
}

/** Where a disk is in the container. */
const imagesPath = "/images";

/** Copies what is not there yet, and proves it; all of it, and ready to be used, where the registry takes no push. */
export async function moveImages(move: Move): Promise<Moved> {
  const { registry, to } = move;
  const isWhole = isReadOnly(registry);
  const source = bucketOf(registry);
  if ((source === undefined) === (typeof to === "string"))
    throw problem(
      source === undefined
        ? "the images are on a disk: name a file with the settings of a bucket, such as bucket.yaml"
        : "the images are in a bucket: name a new volume, or a new folder of the Docker host",
    );
  const place = source === undefined ? await diskOf(registry) : bucketName(source);
  const values = {
    IMAGES: imagesPath,
    TO: typeof to === "string" ? "disk" : "bucket",
    LAST: isWhole,
    SOURCE: `${registry.name} (${place})`,
    OWNER: serviceUser,
    MARK: markFile,
    TEXT: markText,
  };
  const texts = ["rclone.sh", "move.sh"].map((name) => shellText(join(__dirname, name)));
  const { status, stdout, stderr } = await run(
    [...containerFor(move, place), [assignments(values), ...texts].join("\n")],
    { env: registry.environment, input: linesFor(to, source) },
  );
  if (status !== 0) throw problem(`the images could not be moved: ${lastLines(stderr, 4)}`);
  const [blobs = 0, proven = 0] = stdout.trim().split(" ").map(Number);
  return { blobs, proven, isWhole };
}

function linesFor(to: Move["to"], source: S3Settings | undefined): string {
  if (typeof to !== "string") return rcloneLines(to.s3, to.authorities);
  return source === undefined ? "" : rcloneLines(source);
}

function containerFor({ registry, rcloneImage, to }: Move, place: string): string[] {
  if (typeof to === "string") {
    // A new volume belongs to root, and what is in it later to the registry.
    return shellContainer(rcloneImage, { user: "0:0", temporary: "1g" }, [
      ...["--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE"],
      ...["--volumes-from", `${registry.name}:ro`, ...surroundings(registry)],
      ...["--volume", `${to}:${imagesPath}`],
    ]);
  }
  return shellContainer(rcloneImage, { user: serviceUser, temporary: "1g" }, [
    ...["--volume", `${place}:${imagesPath}:ro`],
    ...(to.credentialsFile === undefined ? [] : keyIn(to.credentialsFile)),
  ]);
}

function keyIn(file: string): string[] {
  const variable = `AWS_SHARED_CREDENTIALS_FILE=${credentialsPath}`;
  return ["--volume", `${file}:${credentialsPath}:ro`, "--env", variable];
}

/** The volume or path of the images of a registry. */
async function diskOf({ name, environment }: RunningRegistry): Promise<string> {
  const format = `{{range .Mounts}}{{if eq .Destination "${dataPath}"}}{{or .Name .Source}}{{end}}{{end}}`;
  const { stdout } = await run(["docker", "inspect", "--format", format, name], { env: environment });
  return stdout.trim();
}
