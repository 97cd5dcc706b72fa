import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "node:test";
import { run } from "../../tools/shell";

let folder = "";

/** Gives every test of a file a fresh folder, for scripts that run in a container otherwise. */
export function useScriptFolder(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "scripts-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
}

/** A path in the test's folder; the folder itself without arguments. */
export const at = (...path: string[]) => join(folder, ...path);

/** Runs a script as `sh -c` does in a container, after functions that stand in for commands. */
export const sh = (script: string, ...standIns: string[]) =>
  run(["sh", "-c", [...standIns, script].join("\n")], { cwd: folder });

/** A script with the places of its container in a test's folder instead. */
export const moved = (script: string, places: { readonly [place: string]: string }) =>
  Object.entries(places).reduce(
    (text, [from, to]) => text.replaceAll(new RegExp(`${from}(?![\\w-])`, "g"), () => to),
    script,
  );

/** A function that stands in for a command and writes down its arguments. */
export const record = (name: string) => `${name}() { echo "${name} $*" >> ${at("log")}; }`;

/** What the stand-ins wrote down. */
export const recorded = () =>
  existsSync(at("log")) ? readFileSync(at("log"), "utf8").trim().split("\n") : [];
