import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackOption } from "../../infra/stackOption";
import { takeFlag } from "../arguments";
import { ask } from "../ask";
import type { Context } from "../context";
import { problem, say } from "../say";
import { passphraseFile, readStack, writeStack } from "../stateBackup/files";
import { checkedPassphrase, opened, passphraseVariable } from "../stateBackup/passphrase";
import { seal } from "../stateBackup/sealed";

/** Writes state, stack file and passphrase of a stack into one encrypted file. */
export async function backupState(context: Context, given: readonly string[]): Promise<number> {
  const { given: asks, rest } = takeFlag(given, "--ask");
  const file = onlyFile(context, rest, "backup-state");
  const files = readStack(context);
  const own = await newPassphrase(asks);
  const passphrase = own ?? (files[passphraseFile] ?? "").trim();
  writeFileSync(`${file}.new`, seal(files, passphrase), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  say(
    `${file}: has the state of "${context.stack}" with all passwords, the authority and the password of the backups, and its stack file.`,
  );
  say(
    own === undefined
      ? "It is encrypted with what is in .passphrase. Keep that text somewhere else, too: without it nothing comes back."
      : "It is encrypted with the passphrase that you gave. Keep that somewhere else, too: without it nothing comes back.",
  );
  return 0;
}

/** Brings such a file back into a clone. */
export async function restoreState(context: Context, given: readonly string[]): Promise<number> {
  const file = onlyFile(context, given, "restore-state");
  if (!existsSync(file)) throw problem(`${file} is not there`);
  const text = readFileSync(file, "utf8");
  const ownFile = join(context.projectDirectory, passphraseFile);
  const own = existsSync(ownFile) ? readFileSync(ownFile, "utf8").trim() : undefined;
  const files = await opened(file, text, {
    given: process.env[passphraseVariable],
    own,
    // What is piped in answers as well, but only where nothing else could.
    ...((process.stdin.isTTY || own === undefined) && { ask }),
  });
  const kept = writeStack(context, files);
  if (kept !== undefined)
    say(
      `Kept: the stack file that was here, which is another one, as ${kept}. Take over from it what you need.`,
    );
  say(
    `State: stack "${context.stack}" is as it was when ${file} was written. Nothing on a Docker host was changed.`,
  );
  return 0;
}

/** A passphrase for the file alone: by the variable, or asked for; undefined where neither is wanted. */
async function newPassphrase(asks: boolean): Promise<string | undefined> {
  const given = process.env[passphraseVariable];
  if (given !== undefined) return checkedPassphrase(passphraseVariable, given);
  if (!asks) return undefined;
  return checkedPassphrase("the passphrase", await ask("A passphrase for the file, 12 characters or more: "));
}

function onlyFile({ stack }: Context, args: readonly string[], command: string): string {
  const [file, ...more] = args;
  if (file === undefined || more.length > 0 || file.startsWith("-"))
    throw problem(`name the file: "npm run ${command} --${stackOption(stack)} ~/registry.state"`);
  return file;
}
