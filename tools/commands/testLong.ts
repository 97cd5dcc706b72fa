import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { attach } from "../process";
import { problem } from "../say";
import { setUpMachine } from "../setup";
import { prepareTestPrograms } from "./test";

/** Runs one of the tests that take too long for `npm test`; without a name it lists them. */
export async function testLong(context: Context, [name, ...args]: readonly string[]): Promise<number> {
  const names = readdirSync(join(context.projectDirectory, "test/long"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length));
  if (name === undefined) {
    for (const each of names) process.stdout.write(`npm run test:long -- ${each}\n`);
    return 0;
  }
  if (!names.includes(name)) throw problem(`there is no long test "${name}"; there is ${names.join(", ")}`);
  const environment = await setUpMachine(context, { docker: true, images: true });
  await prepareTestPrograms();
  const command = ["--import", "tsx", join("test/long", `${name}.ts`), ...args];
  return attach(process.execPath, command, { directory: context.projectDirectory, environment });
}
