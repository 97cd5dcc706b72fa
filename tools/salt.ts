import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";

// The passphrase provider writes `encryptionsalt` into the stack file. Stack files are committed and shared between
// clones with different passphrases, so the line is there only while the engine runs (these functions are pure).

const saltLine = /^encryptionsalt:[ \t]*(\S+)[ \t]*\r?\n?/m;

/** The salt in a stack file, if it holds one. */
export function saltOf(text: string): string | undefined {
  return saltLine.exec(text)?.[1];
}

/** The stack file with the salt put in, unless it has one. */
export function withSalt(text: string, salt: string): string {
  if (saltOf(text) !== undefined) return text;
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}encryptionsalt: ${salt}\n`;
}

/** The stack file without its salt. */
export function withoutSalt(text: string): string {
  return text.replace(saltLine, "");
}

/** Whether the file holds encrypted values: then the salt belongs to them and stays. */
export function holdsSecret(text: string): boolean {
  return /(^|[\s{,-])"?secure"?:\s/m.test(text);
}

/**
 * What the stack file should hold after the engine ran. `before` is the text before the salt was put in, `after` the
 * text the engine left; undefined stands for no file. Where the engine changed nothing but the salt, the answer is
 * `before` byte for byte, although the engine may have rewritten the file in its own style.
 */
export function settle(before: string | undefined, after: string | undefined): string | undefined {
  if (after === undefined || saltOf(after) === undefined || holdsSecret(after)) return after;
  const stripped = withoutSalt(after);
  if (before === undefined) return stripped.trim() === "" ? undefined : stripped;
  const original = withoutSalt(before);
  return isDeepStrictEqual(meaning(original), meaning(stripped)) ? original : stripped;
}

/** What a stack file says to the engine, for which `true` and "true" are one configuration value. */
function meaning(text: string): unknown {
  return JSON.parse(JSON.stringify(parse(text) ?? {}), (_key, value) =>
    typeof value === "boolean" || typeof value === "number" ? String(value) : value,
  );
}
