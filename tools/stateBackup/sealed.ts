import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

/** What the first line says, so that a later version can tell. */
const FORMAT = "private-registry-state 1";

/** 128 MiB of memory and half a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

/** Files by their paths in the project, each as it is. */
export interface SealedFiles {
  readonly [path: string]: string;
}

/**
 * Files as one text that is worth nothing without the passphrase: AES-256-GCM by a key of scrypt. A line that names the
 * format, then salt, nonce, tag and ciphertext in base64.
 */
export function seal(files: SealedFiles, passphrase: string): string {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32, COST), nonce);
  cipher.setAAD(Buffer.from(FORMAT));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(files)), cipher.final()]);
  const all = Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]).toString("base64");
  return `${FORMAT}\n${all.replace(/.{76}/g, "$&\n")}\n`;
}

/** @returns undefined for another passphrase, or a text that is not whole */
export function unseal(text: string, passphrase: string): SealedFiles | undefined {
  const [format, ...lines] = text.split("\n");
  if (format !== FORMAT) return undefined;
  const all = Buffer.from(lines.join(""), "base64");
  const [salt, nonce, tag] = [all.subarray(0, 16), all.subarray(16, 28), all.subarray(28, 44)];
  if (tag.length < 16) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32, COST), nonce);
  decipher.setAAD(Buffer.from(FORMAT));
  decipher.setAuthTag(tag);
  try {
    const plain = Buffer.concat([decipher.update(all.subarray(44)), decipher.final()]);
    return JSON.parse(plain.toString());
  } catch {
    return undefined;
  }
}
