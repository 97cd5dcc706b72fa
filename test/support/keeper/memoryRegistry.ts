import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import type { Answer, Context } from "../../../components/keeper/program/job";
import { blobData, layerLink, revisionLink } from "../../../components/keeper/program/layout";
import { repositoryNames } from "../../../components/keeper/program/walk";
import { MemoryDisk } from "./memoryDisk";
import { modelSettings } from "./model";
import { type Image, layout, type Request } from "./registryClient";
import { stepOf, type World } from "./world";

const hour = 3_600_000;

/** What of an image is in its place. */
export function presentOf(
  { disk }: MemoryRegistry,
  repository: string,
  { digest, layers = [] }: Image,
): string {
  const parts: [string, string][] = [
    ["manifest", revisionLink(layout, repository, digest)],
    ["its blob", blobData(layout, digest)],
    ...layers.flatMap((each): [string, string][] => [
      ["layer", layerLink(layout, repository, each)],
      ["its blob", blobData(layout, each)],
    ]),
  ];
  const present = parts.filter(([, path]) => disk.has(path));
  return present.map(([name]) => name).join(", ");
}

/** All of an image with one layer. */
export const whole = "manifest, its blob, layer, its blob";

/** A registry in memory, in which one thing happens after the other. */
export interface MemoryRegistry {
  readonly disk: MemoryDisk;
  readonly context: Context;
  /** Does what clients ask for; throws if the registry refuses it. */
  ask(...requests: readonly Request[]): void;
  wait(hours: number): void;
  /** A whole collection, so many hours later. */
  collect(hoursLater: number): Answer;
  /** The repositories that the registry lists: those with a folder of manifests. */
  listed(): string[];
}

export function memoryRegistry(settings: Partial<typeof modelSettings> = {}): MemoryRegistry {
  const disk = new MemoryDisk();
  disk.now = Date.UTC(2026, 0, 1);
  const context: Context = { disk, settings: { ...modelSettings, ...settings }, say: () => {} };
  const settle = context.settings.settleSeconds * 1000;
  let asked = 0;
  return {
    disk,
    context,
    ask(...requests) {
      const start = { request: 0, operation: 0, began: 0, refused: [] };
      const world: World = {
        disk,
        clients: [start],
        tags: new Map(),
        deleted: new Set(),
        stamp: disk.now,
        kills: 0,
        history: undefined,
      };
      while ((world.clients[0]?.request ?? 0) < requests.length) stepOf(world, [requests], 0, asked++);
      const refused = world.clients[0]?.refused ?? [];
      if (refused.length > 0) throw new Error(`refused: ${refused.join(", ")}`);
    },
    wait(hours) {
      disk.now += hours * hour;
    },
    collect(hoursLater) {
      disk.now += hoursLater * hour;
      mark(context);
      takeLinks(context);
      disk.now += settle;
      lookOnce(context);
      takeBlobs(context);
      disk.now += settle;
      lookOnce(context);
      return finish(context);
    },
    listed: () =>
      repositoryNames(disk, layout).filter((name) => disk.has(`${layout.repositories}/${name}/_manifests`)),
  };
}
