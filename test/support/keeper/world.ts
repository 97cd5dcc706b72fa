import { blobData, layerLink, revisionLink, tagLink } from "../../../components/keeper/program/layout";
import { parseManifest } from "../../../components/keeper/program/manifest";
import { subjectOfTag } from "../../../components/keeper/program/signatures";
import { type Fingerprint, fingerprintOf, xor } from "./fingerprints";
import type { MemoryDisk } from "./memoryDisk";
import { layout, type Operation, type Request } from "./registryClient";

/** Where a client is in its requests. */
export interface Client {
  readonly request: number;
  readonly operation: number;
  /** When the request that is under way began. */
  readonly began: number;
  readonly refused: readonly string[];
}

/** Everything there is at one moment of the model. */
export interface World {
  readonly disk: MemoryDisk;
  readonly clients: Client[];
  /** Tags that somebody pushed and nobody deleted: what each points to, by `repository:tag`. */
  readonly tags: Map<string, string>;
  /** Paths that a client deleted and nobody wrote since. */
  readonly deleted: Set<string>;
  /**
   * When all that clients write is said to be written: before the first run. It is older than it is, which protects it
   * less, and makes worlds equal that differ in nothing else. The keeper tells what was written anew by its inode.
   */
  readonly stamp: number;
  /** How often the collector was killed. */
  kills: number;
  /** What happened, the last first; no part of the state. */
  history: History | undefined;
}

interface History {
  readonly event: string;
  readonly before: History | undefined;
}

export function copyOf({ disk, clients, tags, deleted, stamp, kills, history }: World): World {
  const copies = { clients: [...clients], tags: new Map(tags), deleted: new Set(deleted) };
  return { disk: disk.copy(), ...copies, stamp, kills, history };
}

export function noteEvent(world: World, event: string): void {
  world.history = { event, before: world.history };
}

export function historyOf({ history }: World): string[] {
  const events: string[] = [];
  for (let at = history; at !== undefined; at = at.before) events.unshift(at.event);
  return events;
}

/** Equal for equal worlds, and for no others. */
export function fingerprintOfWorld({ disk, clients, tags, deleted, kills }: World): Fingerprint {
  const at = clients.map(
    ({ request, operation, began }) => `${request}.${operation}.${operation ? began : ""}`,
  );
  const rest = `${at}|${[...tags].sort()}|${[...deleted].sort()}|${kills}|${disk.now}`;
  return xor(disk.fingerprint(), fingerprintOf(rest));
}

/** The same as a text. */
export function keyOf(world: World): string {
  return fingerprintOfWorld(world).join();
}

/** What a client does next; undefined if it is done. */
export function nextOf(
  world: World,
  scripts: readonly (readonly Request[])[],
  index: number,
): Operation | undefined {
  const client = world.clients[index];
  return client && scripts[index]?.[client.request]?.operations[client.operation];
}

/** Lets a client take one step. What it writes gets an inode that says who wrote it when in its script, or the one given. */
export function stepOf(
  world: World,
  scripts: readonly (readonly Request[])[],
  index: number,
  given?: number,
): void {
  const operation = nextOf(world, scripts, index);
  const client = world.clients[index];
  const request = client && scripts[index]?.[client.request];
  if (operation === undefined || client === undefined || request === undefined)
    throw new Error("nothing to do");
  noteEvent(
    world,
    `client ${index + 1}, ${request.name}: ${operation.does} ${operation.path.slice(layout.root.length)}`,
  );
  const inode = given ?? 10_000 * (index + 1) + 100 * client.request + client.operation;
  world.disk.stamp = world.stamp;
  const forward = perform(world, operation, inode);
  world.disk.stamp = undefined;
  const next = forward === undefined ? request.operations.length : client.operation + forward;
  const done = next >= request.operations.length;
  world.clients[index] = {
    request: client.request + (done ? 1 : 0),
    operation: done ? 0 : next,
    began: client.operation === 0 ? world.disk.now : client.began,
    refused: forward === undefined ? [...client.refused, request.name] : client.refused,
  };
}

/** How many operations to go forward; undefined if the request is refused. */
function perform(world: World, operation: Operation, inode: number): number | undefined {
  const { disk } = world;
  switch (operation.does) {
    case "need":
      return disk.stat(operation.path) === undefined ? undefined : 1;
    case "unless":
      return disk.stat(operation.path) === undefined ? 1 : 2;
    case "if": {
      const text = disk.read(operation.path);
      return text !== undefined && text === (operation.text ?? text) ? 1 : 1 + operation.over;
    }
    case "write":
      disk.nextInode = inode;
      disk.write(operation.path, operation.text);
      noteWritten(world, operation.path, operation.text);
      return 1;
    case "unlink":
      disk.removeFile(operation.path);
      noteDeleted(world, operation.path);
      return 1;
    case "rmdir":
      removeEmpty(disk, operation.path);
      return 1;
    case "restore": {
      const place = trashed(disk, operation.path)[0];
      if (place === undefined || !disk.link(place, operation.path)) return undefined;
      disk.removeFile(place);
      noteWritten(world, operation.path, disk.read(operation.path) ?? "");
      return 1;
    }
  }
}

const TAG = new RegExp(`^${layout.repositories}/(.+)/_manifests/tags/([^/]+)/current/link$`);

function noteWritten(world: World, path: string, text: string): void {
  const [, repository, tag] = TAG.exec(path) ?? [];
  if (tag !== undefined) world.tags.set(`${repository}:${tag}`, text);
  world.deleted.delete(path);
}

function noteDeleted(world: World, path: string): void {
  const [, repository, tag] = TAG.exec(path) ?? [];
  if (tag !== undefined) world.tags.delete(`${repository}:${tag}`);
  else world.deleted.add(path);
}

function removeEmpty(disk: MemoryDisk, folder: string): void {
  for (const name of disk.names(folder) ?? []) removeEmpty(disk, `${folder}/${name}`);
  disk.removeFolder(folder);
}

/** Where in the trash a file of the registry lies. */
export function trashed(disk: MemoryDisk, path: string): string[] {
  const below = path.slice(layout.root.length);
  return (disk.names(layout.trash) ?? [])
    .map((batch) => `${layout.trash}/${batch}${below}`)
    .filter((place) => disk.has(place));
}

/** All files that a tag needs, and the tag's own. */
export function filesOf(world: World, name: string, digest: string): string[] {
  const [repository = "", tag = ""] = name.split(":");
  return [tagLink(layout, repository, tag), ...filesOfManifest(world, repository, digest)];
}

/** The files of a manifest whose text is known, and the manifests that it mentions. */
interface Parts {
  readonly text: string | undefined;
  readonly files: readonly string[];
  readonly children: readonly string[];
}

const partsKnown = new Map<string, Parts>();

function filesOfManifest(world: World, repository: string, manifest: string): readonly string[] {
  const data = blobData(layout, manifest);
  const text = world.disk.read(data) ?? trashed(world.disk, data).map((place) => world.disk.read(place))[0];
  const key = `${repository}@${manifest}`;
  const known = partsKnown.get(key);
  const parts = known?.text === text && known ? known : partsOf(repository, manifest, text);
  if (parts !== known) partsKnown.set(key, parts);
  if (parts.children.length === 0) return parts.files;
  return [...parts.files, ...parts.children.flatMap((child) => filesOfManifest(world, repository, child))];
}

function partsOf(repository: string, manifest: string, text: string | undefined): Parts {
  const own = [revisionLink(layout, repository, manifest), blobData(layout, manifest)];
  if (text === undefined) return { text, files: own, children: [] };
  const { blobs, manifests } = parseManifest(text, manifest);
  const layers = blobs.flatMap(({ digest }) => [
    layerLink(layout, repository, digest),
    blobData(layout, digest),
  ]);
  return { text, files: [...own, ...layers], children: manifests.map(({ digest }) => digest) };
}

/** What tags need that is neither in its place nor in the trash, but for what a client deleted. */
export function lostFiles(world: World, tags: ReadonlyMap<string, string>): string[] {
  return missingFiles(world, tags).filter((path) => trashed(world.disk, path).length === 0);
}

/** What tags need that is not in its place, but for what a client deleted. */
export function missingFiles(world: World, tags: ReadonlyMap<string, string>): string[] {
  return [...tags].flatMap(([name, digest]) =>
    filesOf(world, name, digest).filter((path) => !world.disk.has(path) && !world.deleted.has(path)),
  );
}

/** Tags about a manifest that is gone when somebody looks may go as well: from then on nobody expects them. */
export function forgetDead(world: World): void {
  for (const [name, text] of world.tags) if (isDead(world, name, text)) world.tags.delete(name);
}

/** Whether a tag is about a manifest that is gone, and may go as well. */
function isDead({ disk }: World, name: string, text: string): boolean {
  const [repository = "", tag = ""] = name.split(":");
  const subject = subjectOfTag(tag, text);
  return subject !== undefined && !disk.has(revisionLink(layout, repository, subject));
}
