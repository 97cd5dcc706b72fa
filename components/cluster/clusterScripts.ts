import { join } from "node:path";
import { shellScript, shellText } from "../base/shellScript";
import { filesPath } from "../docker/paths";
import type { Files } from "../docker/uploads";

/** Where a service finds its secret. */
export const bundlePath = "/run/private-registry-files";

/** Bytes that a secret of Swarm may have: MaxSecretSize of swarmkit. */
export const largestBundle = 500 * 1024;

/** Files as one text: a line for each, its path and its content in base64. */
export function bundle(files: Files): string {
  return Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => `${path} ${content}\n`)
    .join("");
}

/** Shell lines that make the files of a bundle ready, in this folder below that of all files. */
export function placeScript(generation: string): string {
  return shellScript(join(__dirname, "placeFiles.sh"), {
    FILES_PATH: filesPath,
    GENERATION: generation,
    BUNDLE: bundlePath,
  });
}

/** Script of the nodes one-shot. @param nodes - how many there shall be that can take tasks */
export function countNodesScript(nodes: number): string {
  return shellScript(join(__dirname, "countNodes.sh"), { NODES: nodes });
}

/**
 * A health check that rests for three seconds once it has succeeded: the next node waits for the first success, so the
 * interval is short. Docker has no interval for the start alone before 25.
 */
export function restingHealthScript(health: string): string {
  return `[ ! -e /tmp/healthy ] || sleep 3\n(\n${health}\n) && : > /tmp/healthy`;
}

/** Health of a registry, which is not that of its storage: Docker would end all of them while that is away. */
export function livenessScript(): string {
  return shellText(join(__dirname, "liveness.sh"));
}
