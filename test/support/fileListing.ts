import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * One line for each file and folder below a folder, in a stable order: mode, owner, path, and what it holds.
 *
 * @param shownAs - the path to print for the folder itself
 * @param withTimes - add the time of the last change of each file
 */
export function fileListing(folder: string, shownAs = "", withTimes = false): string[] {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const head = `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${shownAs === "" ? "/" : shownAs}`;
  if (stat.isDirectory()) {
    const inside = readdirSync(folder).sort();
    return [
      head,
      ...inside.flatMap((entry) => fileListing(join(folder, entry), `${shownAs}/${entry}`, withTimes)),
    ];
  }
  if (stat.isSymbolicLink()) return [`${head} -> ${readlinkSync(folder)}`];
  if (!stat.isFile()) return [head];
  const digest = createHash("sha256").update(readFileSync(folder)).digest("hex");
  return [`${head} ${digest}${withTimes ? ` ${stat.mtimeMs}` : ""}`];
}
