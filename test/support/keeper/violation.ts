import { historyOf, lostFiles, missingFiles, type World } from "./world";

/** Something that must never be. */
export class Violation extends Error {
  constructor(
    readonly kind: "lost" | "missing" | "refused",
    readonly what: string,
    readonly history: readonly string[],
  ) {
    super(`${kind}: ${what}\n  ${history.join("\n  ")}`);
  }
}

export function mustNotBeLost(world: World): void {
  throwIfAny(world, "lost", lostFiles(world, world.tags));
}

/** @param tags What each of some tags points to. */
export function mustNotBeMissing(world: World, tags: ReadonlyMap<string, string>): void {
  throwIfAny(world, "missing", missingFiles(world, tags));
}

function throwIfAny(world: World, kind: Violation["kind"], files: readonly string[]): void {
  if (files.length > 0) throw new Violation(kind, files.join(", "), historyOf(world));
}
