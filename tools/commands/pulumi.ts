import { takeStack } from "../arguments";
import type { Context } from "../context";
import { runEngine } from "../engine";
import { setUp } from "../setup";
import { ensureStack } from "./up";

const runsProgram = ["preview", "up", "update", "refresh", "destroy", "import", "watch"];
const needsStack = [...runsProgram, "config"];

/** The engine with this project's environment. Docker and images are prepared only where the program may run. */
export async function pulumi(context: Context, args: readonly string[]): Promise<number> {
  const words = takeStack(args).rest.filter((argument) => !argument.startsWith("-"));
  const isAbout = (commands: readonly string[]) => commands.includes(words[0] ?? "");
  const full = isAbout(runsProgram);
  const environment = await setUp(context, { docker: full, images: full });
  if (isAbout(needsStack)) await ensureStack(context, environment);
  return runEngine(context, environment, args);
}
