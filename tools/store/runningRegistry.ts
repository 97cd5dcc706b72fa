import { parse } from "yaml";
import { isTextMap, type TextMap } from "../../components/base/values";
import { serviceUid } from "../../components/docker/containerSettings";
import { storeFile } from "../../components/registry/registryConfig";
import type { S3Settings } from "../../components/registry/s3Config";
import { parseInspected } from "../containers";
import { capture, type Environment } from "../process";
import { problem } from "../say";
import { optionOf } from "../stackOutputs";

/** Whom the registry and what works beside it run as. */
export const serviceUser = `${serviceUid}:${serviceUid}`;

/** A registry that runs, as far as those must know it that work beside it. */
export interface RunningRegistry {
  readonly name: string;
  /** The stack it is of. */
  readonly stack: string;
  readonly image: string;
  /** Folder of its files, in its container. */
  readonly folder: string;
  /** Its environment, by which it trusts authorities and finds a file with a key. */
  readonly variables: readonly string[];
  /** Its config.yml. */
  readonly config: TextMap;
  readonly environment: Environment;
}

/** What Docker and its files say of it. */
export async function runningRegistry(
  name: string,
  stack: string,
  environment: Environment,
): Promise<RunningRegistry> {
  const up = `npm run up${optionOf(stack)}`;
  const { code, stdout } = await capture("docker", ["container", "inspect", name], { environment });
  if (code !== 0) throw problem(`there is no registry ${name} on the Docker host: run "${up}" first`);
  const [inspected] = parseInspected(stdout);
  const folder = /serve (\S+)\/config\.yml$/.exec(inspected?.Config.Cmd?.at(-1) ?? "")?.[1] ?? "";
  const read = await capture("docker", ["exec", name, "cat", `${folder}/config.yml`], { environment });
  if (inspected === undefined || read.code !== 0)
    throw problem(`${name} does not run: "${up}" brings it back (${read.stderr.trim()})`);
  const config: unknown = parse(read.stdout);
  return {
    name,
    stack,
    image: inspected.Config.Image ?? "",
    folder,
    variables: (inspected.Config.Env ?? []).filter((line) => /^(AWS_|SSL_CERT_DIR=|OTEL_)/.test(line)),
    config: isTextMap(config) ? config : {},
    environment,
  };
}

/** Whether it refuses every push. */
export function isReadOnly({ config }: RunningRegistry): boolean {
  return valueAt(config, "storage", "maintenance", "readonly", "enabled") === true;
}

/** Whether it has a cache of descriptors, which still lists what is gone. */
export function hasCache({ config }: RunningRegistry): boolean {
  return valueAt(config, "storage", "cache") !== undefined;
}

/** Hours after which it takes an upload for abandoned; more than a century where it never does. */
export function uploadHours({ config }: RunningRegistry): number {
  const purging = valueAt(config, "storage", "maintenance", "uploadpurging");
  const [, hours] =
    (isTextMap(purging) && purging.enabled === true && /^(\d+)h$/.exec(String(purging.age))) || [];
  return hours === undefined ? 1_000_000 : Number(hours);
}

/** Its bucket, if its images are in one. */
export function bucketOf({ config }: RunningRegistry): S3Settings | undefined {
  const s3 = valueAt(config, "storage", "s3");
  if (!isTextMap(s3)) return undefined;
  const text = (name: string) => (typeof s3[name] === "string" ? s3[name] : undefined);
  return {
    bucket: text("bucket") ?? "",
    endpoint: text("regionendpoint"),
    folder: text("rootdirectory")?.replace(/^\//, ""),
    region: text("region"),
    accessKey: text("accesskey"),
    secretKey: text("secretkey"),
    pathStyle: s3.forcepathstyle === true,
    redirect: false,
  };
}

/**
 * The start of a command for a container beside it: with its files, its images and its way out, and no right at all.
 *
 * @param label A label with the registry's name, by which the container is found. Defaults to none.
 */
export function besideRegistry(registry: RunningRegistry, image: string, label?: string): string[] {
  const { name, folder } = registry;
  return shellContainer(image, { user: serviceUser, temporary: "64m" }, [
    ...["--sig-proxy=false", "--volumes-from", name, ...surroundings(registry)],
    ...(label === undefined ? [] : ["--label", `${label}=${name}`]),
    ...["--env", `STORE_CONFIG=${folder}/${storeFile}`],
  ]);
}

/** Options by which a container asks what a registry asks, as it does. */
export function surroundings({ name, folder, variables }: RunningRegistry): string[] {
  const environment = [...variables, `FILES=${folder}`].flatMap((line) => ["--env", line]);
  return ["--network", `container:${name}`, ...environment];
}

/**
 * The start of a command for a container that runs a script, with no right but what its options give.
 *
 * @param settings Whom it runs as, "uid:gid", and the size of its `/tmp`.
 */
export function shellContainer(
  image: string,
  { user, temporary }: { readonly user: string; readonly temporary: string },
  options: readonly string[],
): string[] {
  return [
    ...["docker", "run", "--rm", "--interactive", "--read-only", "--user", user, "--cap-drop", "ALL"],
    ...["--security-opt", "no-new-privileges:true"],
    ...["--tmpfs", `/tmp:rw,noexec,nosuid,size=${temporary},mode=1777`],
    ...options,
    ...["--entrypoint", "sh", image, "-c"],
  ];
}

function valueAt(tree: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (isTextMap(node) ? node[key] : undefined), tree);
}
