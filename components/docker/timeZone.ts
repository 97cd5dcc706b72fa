import { readFileSync } from "node:fs";
import { runError } from "../base/runError";
import { defaultTimeZone } from "./defaults";
import type { Files } from "./uploads";

const file = "localtime";

/**
 * The zone data of a time zone as a file: images lack it, so it travels with the configuration.
 * Read from `/usr/share/zoneinfo` of the machine that runs Pulumi; UTC, the default, needs none.
 *
 * @throws RunError if that machine has no data for the zone.
 */
export function zoneFile(timeZone: string): Files {
  if (timeZone === defaultTimeZone) {
    return {};
  }
  try {
    return { [file]: readFileSync(`/usr/share/zoneinfo/${timeZone}`).toString("base64") };
  } catch {
    throw runError(
      `timeZone: this machine has no data for "${timeZone}"; install its package tzdata, or leave timeZone out for UTC`,
    );
  }
}

/** The variable that leads libc and Go to that file in `folder`. */
export function zoneEnvironment(folder: string, timeZone: string): string[] {
  return timeZone === defaultTimeZone ? [] : [`TZ=${folder}/${file}`];
}
