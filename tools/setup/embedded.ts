import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import type { Environment } from "../process";
import { say } from "../say";

/** State in files and secrets under a passphrase made here: no account anywhere. */
export function prepareEmbedded(context: Context): Environment {
  const passphrase = join(context.projectDirectory, ".passphrase");
  mkdirSync(context.stateDirectory, { recursive: true, mode: 0o700 });
  if (!existsSync(passphrase)) {
    // "wx" fails rather than overwrite: with another passphrase every stack of this clone would be unreadable.
    writeFileSync(passphrase, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    say("Passphrase: generated into .passphrase (keep it: the stack's secrets cannot be read without it)");
  }
  return {
    PULUMI_BACKEND_URL: `file://${context.stateDirectory}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    // The engine prefers this one to the file; a user's own would not open our stacks.
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_STACK: context.stack,
  };
}
