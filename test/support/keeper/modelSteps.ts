import type { Blob, Image as RealImage } from "../keeperStress/images";
import { type Image, layout, type Operation, type Request } from "./registryClient";

/** A real image as the model knows it: its configuration is one more layer. */
export function asModel({ digest, blobs, children }: RealImage): Image {
  return {
    digest,
    ...(children.length > 0 ? { children: children.map((child) => child.digest) } : {}),
    layers: blobs.map((blob: Blob) => blob.digest),
  };
}

/**
 * What a request of the model does to links and blobs, as `fileSteps` tells it of the real registry: "read", "stat", "write"
 * or "unlink", and the path below the registry's root.
 *
 * @param isThere Which of the paths that it asks for are there, of those that it would write otherwise.
 */
export function modelSteps({ operations }: Request, isThere: (path: string) => boolean): string[] {
  const steps: string[] = [];
  for (let place = 0; place < operations.length; place++) {
    const operation = operations[place];
    if (operation === undefined) break;
    const path = operation.path.slice(layout.root.length + 1);
    steps.push(...verbsOf(operation).map((verb) => `${verb} ${path}`));
    if (operation.does === "unless" && isThere(path)) place += 1;
  }
  return steps;
}

function verbsOf({ does, path }: Operation): string[] {
  if (does === "need") return [path.endsWith("/link") ? "read" : "stat"];
  if (does === "if") return ["read"];
  if (does === "unless") return ["stat"];
  // Folders are left out there, too, and nobody restores.
  return does === "write" || does === "unlink" ? [does] : [];
}
