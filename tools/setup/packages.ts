import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { watchOrFail } from "../process";
import { problem, say } from "../say";
import { confirmInstall } from "./consent";

/** Programs, and the Debian package each comes from. */
export type Programs = readonly (readonly [program: string, packageName: string])[];

/** Whether a program is on PATH. */
export function onPath(program: string, path = process.env.PATH ?? ""): boolean {
  return path.split(delimiter).some((folder) => folder && existsSync(join(folder, program)));
}

/** Whether packages can be installed by us: Debian or a relative of it, as root. */
export function canInstall(): boolean {
  return onPath("apt-get") && process.getuid?.() === 0;
}

/** A field of /etc/os-release, for example ID. */
export function osRelease(field: string): string | undefined {
  const file = "/etc/os-release";
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return new RegExp(`^${field}="?([^"\n]*)"?$`, "m").exec(text)?.[1];
}

/** Installs Debian packages with apt-get, once the person at the terminal agrees. */
export async function install(packages: readonly string[], extra: readonly string[] = []): Promise<void> {
  await confirmInstall(packages);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "a" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const phase = (line: string) => line.slice(0, 60);
  await watchOrFail("package lists", "apt-get", ["update", ...wait], { environment, phase });
  const args = ["install", "--yes", ...wait, ...extra, ...packages];
  await watchOrFail(`installing ${packages.join(" ")}`, "apt-get", args, { environment, phase });
}

/** Ensures the programs that something needs, such as "the tests". */
export async function preparePrograms(needing: string, programs: Programs): Promise<void> {
  const missing = programs.filter(([program]) => !onPath(program)).map(([, name]) => name);
  if (missing.length === 0) return;
  const names = missing.join(" ");
  if (!canInstall())
    throw problem(
      `programs that ${needing} need are missing: run "sudo apt-get install -y ${names}" or the like`,
    );
  say(`Programs for ${needing}: ${names} come with apt-get, which needs root`);
  await install(missing, ["--no-install-recommends"]);
}
