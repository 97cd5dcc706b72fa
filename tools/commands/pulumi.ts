import { takeStack } from "../arguments";
import type { Context } from "../context";
import { runEngine } from "../engine";
import { refuseOldStackFile } from "../oldStackFile";
import { setUp } from "../setup";
import { ensureStack } from "./up";

const readsSettings = ["preview", "up", "update", "watch"];
const runsProgram = [...readsSettings, "refresh", "destroy", "import"];
const needsStack = [...runsProgram, "config"];

/** The engine with this project's environment. Docker and images are prepared only where the program may run. */
export async function pulumi(context: Context, args: readonly string[]): Promise<number> {
  const words = takeStack(args).rest.filter((argument) => !argument.startsWith("-"));
  const isAbout = (commands: readonly string[]) => commands.includes(words[0] ?? "");
  if (isAbout(readsSettings)) refuseOldStackFile(context, args);
  const full = isAbout(runsProgram);
  const environment = await setUp(context, { docker: full, images: full });
  if (isAbout(needsStack)) await ensureStack(context, environment);
  return runEngine(context, environment, args);
}
