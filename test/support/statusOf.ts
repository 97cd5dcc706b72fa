import { resolve } from "node:path";
import { type Result, run } from "../../tools/shell";
import type { InfraStack } from "../../tools/temporaryStack";

/** `npm run status` for a stack of a test, with variables of the environment such as another Docker host. */
export function statusOf(
  { cli }: InfraStack,
  name: string,
  env: { readonly [variable: string]: string } = {},
): Promise<Result> {
  const context = {
    projectDirectory: cli.cwd,
    project: "private-registry",
    stack: name,
    stateDirectory: cli.env.PULUMI_BACKEND_URL?.replace("file://", ""),
    cacheDirectory: "",
  };
  const command = `require(${JSON.stringify(resolve("tools/commands/status.ts"))}).status(${JSON.stringify(context)}).then(process.exit)`;
  return run(["node", "--import", "tsx", "--eval", command], { env });
}
