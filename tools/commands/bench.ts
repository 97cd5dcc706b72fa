import type { Context } from "../context";
import { attach } from "../process";
import { problem, say } from "../say";
import { setUpMachine } from "../setup";
import { canInstall, install, onPath } from "../setup/packages";

/** Programs that load and measure, and the Debian package each comes from. */
const prerequisites: readonly (readonly [program: string, packageName: string])[] = [
  ["wrk", "wrk"],
  ["curl", "curl"],
  ["openssl", "openssl"],
  ["htpasswd", "apache2-utils"],
];

/** Measures what this clone declares beside the set-ups people use today. */
export async function bench(context: Context, args: readonly string[]): Promise<number> {
  const environment = await setUpMachine(context, { docker: true, images: true }, () => undefined);
  const missing = prerequisites.filter(([program]) => !onPath(program)).map(([, name]) => name);
  if (missing.length > 0) {
    const names = missing.join(" ");
    if (!canInstall())
      throw problem(`the bench needs programs that are missing: run "sudo apt-get install -y ${names}"`);
    say(`Bench programs: installing ${names} with apt-get (root on Debian or Ubuntu)`);
    await install(missing, ["--no-install-recommends"]);
  }
  const command = ["--import", "tsx", "bench/index.ts", ...args];
  return attach(process.execPath, command, { directory: context.projectDirectory, environment });
}
