import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const parent = "/dev/shm";
const prefix = "private-registry-bench-";

/**
 * A folder in memory for all data, so that no disk is measured. Those of killed runs are removed first.
 *
 * @throws if another bench runs: it has containers of the same names.
 */
export function ramDisk(): string {
  if (!existsSync(parent)) throw new Error(`${parent} is missing: the bench keeps its data in memory there`);
  for (const old of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    const pid = Number(old.slice(prefix.length).split("-")[0]);
    if (isBench(pid)) throw new Error(`another bench is running, process ${pid}: wait for its end`);
    removeFolder(join(parent, old));
  }
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  chmodSync(folder, 0o755);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export function subfolder(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true, mode: 0o755 });
  return path;
}

function isBench(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, "utf8").includes("bench/index.ts");
}
