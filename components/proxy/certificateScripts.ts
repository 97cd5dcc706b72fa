import { join } from "node:path";
import { shellText } from "../base/shellScript";

/** Where a server finds the certificates that somebody else renews. */
export const certificatesPath = "/etc/private-registry-certificates";

/** Folder with the chain and the key that nginx reads: a link in the memory of the container. */
export const servedPath = "/tmp/certificate";

/** Shell lines that take the newest certificate that nginx accepts, before nginx starts; they end where there is none. */
export function takeAny(): string {
  return shellText(join(__dirname, "takeAny.sh"));
}

/**
 * Shell lines that take up a new certificate while nginx runs. They are part of the health check, because Docker
 * runs that after every restart of anything, and nobody can stop it alone.
 */
export function takeNewest(): string {
  return shellText(join(__dirname, "takeNewest.sh"));
}
