import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const parent = "/dev/shm";
const prefix = "private-registry-bench-";

/** A folder in memory for all data, so that no disk is measured. Those of killed runs are removed first. */
export function ramDisk(): string {
  if (!existsSync(parent)) throw new Error(`${parent} is missing: the bench keeps its data in memory there`);
  for (const old of readdirSync(parent).filter((name) => name.startsWith(prefix)))
    if (!isAlive(Number(old.slice(prefix.length).split("-")[0]))) removeFolder(join(parent, old));
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

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
