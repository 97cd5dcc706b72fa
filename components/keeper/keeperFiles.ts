import { contentHash } from "../base/contentHash";
import { assignments } from "../base/shellScript";
import { zoneFile } from "../docker/timeZone";
import { encoded, type Files, type Generation } from "../docker/uploads";
import type { ResolvedRegistryKeeper } from "./defaults";
import { keeperProgram } from "./keeperProgram";
import { earlySeconds, keeperSettings, scheduleFile } from "./keeperSettings";

/** One generation of files: the program, what it is told, and what its loop must know. */
export function keeperGeneration(args: ResolvedRegistryKeeper): Generation {
  const settings = keeperSettings(args);
  const schedule = {
    COLLECT_AT: args.settings.collectAt,
    TIME_ZONE: args.timeZone,
    SETTLE_SECONDS: settings.settleSeconds,
    EARLY_SECONDS: earlySeconds,
    DISK_GUARD: args.diskGuard.enabled,
    REFUSE_AT: args.diskGuard.refuseAtPercent,
    REFUSE_BELOW_MIB: args.diskGuard.refuseBelowMib,
    RESUME_AT: args.diskGuard.resumeAtPercent,
    COLLECT_AT_PERCENT: args.diskGuard.collectAtPercent,
    QUOTAS: args.quotas.length > 0,
    METRICS: args.metrics,
    // Where there are none, nothing of what a keeper is told changes.
    ...(args.backupAt !== undefined && { BACKUP_AT: args.backupAt }),
  };
  const files: Files = {
    "keeper.js": encoded(keeperProgram()),
    "settings.json": encoded(`${JSON.stringify(settings, null, 2)}\n`),
    [scheduleFile]: encoded(`${assignments(schedule)}\n`),
    ...zoneFile(args.timeZone),
  };
  return { name: contentHash(files), files };
}
