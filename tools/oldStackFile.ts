import { stringify } from "yaml";
import { conversion } from "../infra/oldConfig";
import { type Context, stackConfig } from "./context";
import { holdsSecret } from "./salt";
import { problem } from "./say";

/** Refuses a stack file of an older version before anything is looked at, with the lines that convert it. */
export function refuseOldStackFile(context: Context, args: readonly string[]): void {
  // Another file is the engine's to find; the program then says the same.
  if (args.some((argument) => argument.startsWith("--config-file"))) return;
  const config = stackConfig(context);
  const isEncrypted = (key: string) => holdsSecret(stringify({ [key]: config[key] }));
  const text = conversion(config, { ...context, isEncrypted });
  if (text !== undefined) throw problem(text);
}
