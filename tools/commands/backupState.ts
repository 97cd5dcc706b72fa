import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackOption } from "../../infra/stackOption";
import { takeFlag } from "../arguments";
import { ask } from "../ask";
import type { Context } from "../context";
import { problem, say } from "../say";
import { passphraseFile, readStack, writeStack } from "../stateBackup/files";
import { seal, unseal } from "../stateBackup/sealed";

/** The variable that has the passphrase of such a file, where nobody is there to be asked. */
const variable = "STATE_PASSPHRASE";

/** Writes state, stack file and passphrase of a stack into one encrypted file. */
export async function backupState(context: Context, given: readonly string[]): Promise<number> {
  const { given: asks, rest } = takeFlag(given, "--ask");
  const file = onlyFile(context, rest, "backup-state");
  const files = readStack(context);
  const own = process.env[variable] ?? (asks ? await newPassphrase() : undefined);
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
  const own = join(context.projectDirectory, passphraseFile);
  const known = process.env[variable] ?? (existsSync(own) ? readFileSync(own, "utf8").trim() : undefined);
  const passphrase = known ?? (await ask(`Passphrase of ${file}: `));
  const files = unseal(text, passphrase);
  if (files === undefined) throw problem(`${file}: the passphrase is another one, or the file is not whole`);
  writeStack(context, files);
  say(
    `State: stack "${context.stack}" is as it was when ${file} was written. Nothing on a Docker host was changed.`,
  );
  return 0;
}

async function newPassphrase(): Promise<string> {
  const passphrase = await ask("A passphrase for the file, 12 characters or more: ");
  if (passphrase.length < 12) throw problem("the passphrase is too short: 12 characters or more");
  return passphrase;
}

function onlyFile({ stack }: Context, args: readonly string[], command: string): string {
  const [file, ...more] = args;
  if (file === undefined || more.length > 0 || file.startsWith("-"))
    throw problem(`name the file: "npm run ${command} --${stackOption(stack)} ~/registry.state"`);
  return file;
}
