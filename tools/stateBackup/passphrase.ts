import { problem } from "../say";
import { type SealedFiles, unseal } from "./sealed";

/** The variable that has the passphrase of a sealed file, where nobody is there to be asked. */
export const passphraseVariable = "STATE_PASSPHRASE";

const shortest = 12;

/** A passphrase that is not guessed at once. @throws a problem for a shorter one, by the name of its source */
export function checkedPassphrase(source: string, passphrase: string): string {
  const { length } = passphrase.trim();
  if (length >= shortest) return passphrase;
  const found = length === 0 ? "is empty" : `has ${length} characters`;
  throw problem(`${source}: ${found}; give a passphrase of ${shortest} characters or more`);
}

/** Where the passphrase of a sealed file may come from. */
interface Sources {
  /** By the variable. */
  readonly given?: string;
  /** That of the clone. */
  readonly own?: string;
  /** Somebody who can be asked. */
  readonly ask?: (question: string) => Promise<string>;
}

/** Opens a sealed file. @throws a problem that says which passphrase is wanted */
export async function opened(file: string, text: string, { given, own, ask }: Sources): Promise<SealedFiles> {
  if (given === "")
    throw problem(`${passphraseVariable}: is empty; give the passphrase of ${file}, or unset it`);
  const known = given ?? own;
  const files = known === undefined ? undefined : unseal(text, known);
  if (files !== undefined) return files;
  const refused = "is not what it was made with, or the file is not whole";
  if (given !== undefined) throw problem(`${file}: ${passphraseVariable} ${refused}`);
  if (ask === undefined)
    throw problem(
      `${file}: the .passphrase of this clone ${refused}; set ${passphraseVariable} to the passphrase that it was made with`,
    );
  const asked = unseal(text, await ask(`Passphrase that ${file} was made with: `));
  if (asked === undefined) throw problem(`${file}: that passphrase ${refused}`);
  return asked;
}
