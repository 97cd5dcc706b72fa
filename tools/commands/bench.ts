import type { Context } from "../context";
import { attach } from "../process";
import { setUpMachine } from "../setup";
import { type Programs, preparePrograms } from "../setup/packages";

/** Programs that load and measure. */
const loadPrograms: Programs = [
  ["wrk", "wrk"],
  ["curl", "curl"],
  ["openssl", "openssl"],
  ["htpasswd", "apache2-utils"],
];

/** Measures what this clone declares beside the set-ups people use today. */
export async function bench(context: Context, args: readonly string[]): Promise<number> {
  const environment = await setUpMachine(context, { docker: true, images: true }, () => undefined);
  await preparePrograms("the measures", loadPrograms);
  const command = ["--import", "tsx", "bench/index.ts", ...args];
  return attach(process.execPath, command, { directory: context.projectDirectory, environment });
}
