import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A value for a script: a truth is `yes` or `no` there, and a list has a line for each entry. */
export type ShellValue = string | number | boolean | readonly string[];

/**
 * A script for `sh -c`: the values as quoted assignments, then the text of a file. What a value holds can so never be
 * taken for a command.
 *
 * The command of a server that runs is better without values: Docker replaces a server whose command has changed.
 *
 * @param path - of the file; see `shellText`
 * @param values - by their names in the script, in capitals
 */
export function shellScript(path: string, values: { readonly [name: string]: ShellValue }): string {
  return `${assignments(values)}\n${shellText(path)}`;
}

/**
 * The text of a shell file. Comments at its top, up to the first empty line, are for its readers here and are left out.
 * A line `. ./other.sh` stands for the text of that file beside it. Read at each use: loading the library reads none.
 */
export function shellText(path: string): string {
  const text = readFileSync(path, "utf8").replace(/^(?:#.*\n)+\n/, "");
  const include = (_: string, name: string) => shellText(join(dirname(path), name));
  return text.trimEnd().replace(/^\. \.\/(\S+)$/gm, include);
}

/** Lines that give the names of a script their values. */
export function assignments(values: { readonly [name: string]: ShellValue }): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${shellQuoted(asText(value))}`)
    .join("\n");
}

function asText(value: ShellValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "object" ? value.join("\n") : String(value);
}

/** A value as one word of the shell, whatever it holds: in single quotes nothing but the quote itself is special. */
export function shellQuoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** A value as one word of the shell, without quotes where it needs none. */
export function shellWord(value: string): string {
  return /^[\w./:@%+,-]+$/.test(value) ? value : shellQuoted(value);
}
