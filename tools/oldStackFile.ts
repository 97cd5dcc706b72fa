import { conversion } from "../infra/oldConfig";
import { type Context, stackConfig } from "./context";
import { problem } from "./say";

/** Refuses a stack file of an older version before anything is looked at, with the lines that convert it. */
export function refuseOldStackFile(context: Context, args: readonly string[]): void {
  // Another file is the engine's to find; the program then says the same.
  if (args.some((argument) => argument.startsWith("--config-file"))) return;
  const config = stackConfig(context);
  const isEncrypted = (key: string) => holdsEncrypted(config[key]);
  const text = conversion(config, { ...context, isEncrypted });
  if (text !== undefined) throw problem(text);
}

/** Whether the engine has encrypted a value or something in it: that is a map with the one key `secure`. */
function holdsEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  const [[key, text] = []] = entries;
  return (
    (entries.length === 1 && key === "secure" && typeof text === "string") ||
    entries.some(([, item]) => holdsEncrypted(item))
  );
}
