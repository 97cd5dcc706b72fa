import { dataRole, dockerNameOf } from "../../components/docker/roles";
import { usesFilesystem } from "../../components/registry/registryOverrides";
import { engineFor, stackOption } from "../../infra/stackOption";
import type { Context } from "../context";
import { optionOf } from "../stackOutputs";
import { type Snapshot, volumeType } from "../state";
import { dockerName } from "./classify";
import type { Listed } from "./look";

/** A data volume that the next `up` will make, new and empty. */
export interface NewData {
  readonly name: string;
  /** The one that this stack has used until now, if it is on the Docker host. */
  readonly previous?: string;
  /** Without being asked for: by a new name of stack or project alone, or because it has gone from the Docker host. */
  readonly unasked?: "renamed" | "gone";
  /** Whether the previous one stays. */
  readonly keepsPrevious: boolean;
}

/** What the next `up` will make; undefined where the data is there already or is not in a volume. */
export function newData(
  { project, stack }: Pick<Context, "project" | "stack">,
  settings: { readonly [key: string]: unknown },
  snapshot: Snapshot | undefined,
  volumes: readonly Listed[],
): NewData | undefined {
  const storage = mapOf(settings.storage);
  const isElsewhere = storage.hostPath !== undefined || storage.s3 !== undefined;
  if (isElsewhere || !usesFilesystem(mapOf(settings.registryConfigOverrides))) return undefined;
  const named = typeof storage.volumeName === "string" ? storage.volumeName : undefined;
  const name = named ?? usualVolume(project, stack);
  const previous = dataVolumeOf(snapshot);
  const isThere = (each: string) => volumes.some((volume) => volume.name === each);
  if (isThere(name)) return undefined;
  const keepsPrevious = settings.keepDataOnDestroy !== false;
  if (previous === name) return { name, unasked: "gone", keepsPrevious };
  const known = previous !== undefined && isThere(previous) ? previous : undefined;
  const unasked = known !== undefined && named === undefined ? "renamed" : undefined;
  return { name, previous: known, unasked, keepsPrevious };
}

/** Name of the data volume where no setting gives another. The stack program names its registry "main". */
function usualVolume(project: string, stack: string): string {
  return dockerNameOf(project, stack, "main", dataRole);
}

/** Name of the data volume that a state knows. */
export function dataVolumeOf(snapshot: Snapshot | undefined): string | undefined {
  const volume = snapshot?.resources.find(
    ({ type, urn, ...resource }) =>
      type === volumeType && urn.endsWith(`-${dataRole}`) && !resource.delete && !resource.pendingReplacement,
  );
  return volume && dockerName(volume);
}

/** Why an `up` that would begin without the images is refused, and what to type. */
export function refusal(stack: string, { name, previous, keepsPrevious }: NewData): string {
  const anew = anewLine(stack);
  if (!previous)
    return (
      `the volume ${name} with the images of this stack is not on this Docker host. Nothing was changed.\n` +
      `If it is on another one, name that one, by DOCKER_HOST or for good, then run up again:\n  ${engineFor(stack)} config set dockerHost ssh://root@registry.example.com\n` +
      `If the images are gone, begin with an empty registry:\n  ${anew}`
    );
  return (
    `this stack keeps its images in the volume ${previous}. Under its new name it would get another one, ${name}, ` +
    `which is new and empty. Nothing was changed.\n` +
    `To keep the images, type this, then run up again:\n  ${keepLine(stack, previous)}\n` +
    `To begin without them (${previous} ${keepsPrevious ? "stays on the Docker host" : "is deleted then"}):\n  ${anew}`
  );
}

/** The same where the name of the project has changed: the engine files its state under the old one. */
export function projectRefusal(project: string, stack: string, earlier: string): string {
  return (
    `this project was named ${earlier} until now, and stack "${stack}" still exists under that name. Nothing was changed.\n` +
    `Name it ${earlier} again in Pulumi.yaml, and run "npm run down${optionOf(stack)}": the images stay. ` +
    `Then name it ${project}, and to keep the images type this, then run up:\n` +
    `  ${keepLine(stack, usualVolume(earlier, stack))}\n` +
    `To have another registry beside it, without the images:\n  ${anewLine(stack)}`
  );
}

/** What to know before a new volume is made. `others` are data volumes that nobody uses, with their sizes. */
export function notice(
  stack: string,
  { name, previous }: NewData,
  others: readonly Listed[],
  sizes: ReadonlyMap<string, string>,
): string[] {
  const lines = [`Data: the volume ${name} is made now, new and empty.`];
  if (previous) lines.push(`Data: the images of this stack so far are in ${previous}.`);
  for (const other of others) {
    const facts = [`project ${other.project}`, `stack ${other.stack}`, sizes.get(other.name)].filter(Boolean);
    lines.push(
      `Data: ${other.name} (${facts.join(", ")}) is not in use. To have its images here, now or later:\n` +
        `  ${keepLine(stack, other.name)}`,
    );
  }
  return lines;
}

/** The line that makes a stack go on with a data volume. */
export function keepLine(stack: string, volume: string): string {
  return `${engineFor(stack)} config set --path settings.storage.volumeName ${volume}`;
}

/** The same for data on a path of the Docker host. */
export function pathLine(stack: string, path: string): string {
  return `${engineFor(stack)} config set --path settings.storage.hostPath ${path}`;
}

/** The line that begins with an empty registry. */
export function anewLine(stack: string): string {
  return `npm run up --${stackOption(stack)} --new-data`;
}

function mapOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
