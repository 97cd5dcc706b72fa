import { controlPath, dataPath } from "../docker/paths";
import type { ResolvedRegistryKeeper } from "./defaults";
import type { Settings } from "./program/settings";

const [minute, hour, day] = [60, 3600, 24 * 3600];

/** How long a request of a client may be delayed between two of its steps: the proxy ends one that is silent for longer. */
const settleSeconds = 15 * minute;

/** However full the disk is: longer than any doubt about a look lasts. */
const minimumTrashSeconds = hour;

/** Name of the file that the loop reads, lines of shell. */
export const scheduleFile = "schedule";

/** While the disk is too full, and six times that while it fills. */
export const earlySeconds = hour;

/** Five hundredths of a processor, or less, for a processor that hashes 400 MB in a second. */
const scrubBytesPerSecond = 20_000_000;

/** What the program is told. */
export function keeperSettings(args: ResolvedRegistryKeeper): Settings {
  const { settings, uploadHours, retention, immutableTags, quotas, timeZone, readOnly } = args;
  const { backupAt, auditDays, metrics } = args;
  const { graceHours, undoDays, untaggedDays, scrubDays } = settings;
  return {
    dataFolder: dataPath,
    controlFolder: controlPath,
    graceSeconds: graceHours * hour,
    settleSeconds,
    undoSeconds: undoDays * day,
    minimumTrashSeconds,
    uploadSeconds: uploadHours * hour,
    ...(untaggedDays !== undefined && { untaggedSeconds: untaggedDays * day }),
    retention,
    ...(immutableTags !== undefined && { immutableTags }),
    scrubDays,
    scrubBytesPerSecond,
    quotas: quotas.map(({ repositories, maxMib }) => ({ repositories, bytes: maxMib * 1024 ** 2 })),
    ...(readOnly && { readOnly }),
    ...(auditDays > 0 && { auditDays }),
    ...(metrics && { metrics }),
    ...(backupAt !== undefined && { backupAt: `${backupAt} in ${timeZone}` }),
    collectAt: `${settings.collectAt} in ${timeZone}`,
  };
}
