import * as grammar from "../../registry/grammar";
import type { Disk } from "./disk";
import { Unreadable } from "./job";

/*
 * What lies among the registry's folders and is none. A plain file by a name that the registry gives to nothing, such as
 * an NFS server's `.nfs0001` or a `README`, needs nothing and is passed over. One in the place of a folder stops the run:
 * what was in that folder may have needed anything.
 */

/** How the registry calls its folders. */
export const called = {
  repository: new RegExp(`^(?:_[a-z]+|${grammar.pathComponent})$`),
  tag: new RegExp(`^${grammar.tag}$`),
  algorithm: /^sha(?:256|384|512)$/,
  firstDigits: /^[0-9a-f]{2}$/,
  digits: /^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/,
};

/**
 * The names of the folders in a folder, in no order; undefined if it is not there.
 * @throws Unreadable if it is a plain file itself
 */
export function foldersIn(disk: Disk, folder: string, form: RegExp): string[] | undefined {
  const names = below(folder, () => disk.names(folder));
  return names?.filter((name) => form.test(name) || disk.stat(`${folder}/${name}`)?.isFolder !== false);
}

/** What a question about something in a folder answers. @throws Unreadable if a plain file lies in the place of the folder */
export function below<Answer>(path: string, question: () => Answer): Answer {
  try {
    return question();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOTDIR")) throw error;
    throw new Unreadable(
      `a plain file lies where the registry has folders, in ${path}: nobody can say what was needed there; ` +
        "put back what was there, or move the file away",
    );
  }
}
