import type { Settings } from "./settings";

/** Folder of flags in the control volume. The text of a flag is the proxy's answer to whoever begins a push. */
export const flagsFolder = "flags";

/** Flag of the disk, and that of a quota by its place in the list. */
export const diskFlag = "disk";
export const quotaFlag = (index: number) => `quota-${index}`;

export function flagPath({ controlFolder }: Pick<Settings, "controlFolder">, flag: string): string {
  return `${controlFolder}/${flagsFolder}/${flag}`;
}
