import { readFileSync } from "node:fs";
import { runError } from "./runError";

/**
 * The zone data of a time zone, base64: images lack it, so it travels with the configuration.
 * Read from `/usr/share/zoneinfo` of the machine that runs Pulumi.
 *
 * @throws RunError if that machine has no data for the zone.
 */
export function zoneData(timeZone: string): string {
  try {
    return readFileSync(`/usr/share/zoneinfo/${timeZone}`).toString("base64");
  } catch {
    throw runError(
      `timeZone: this machine has no data for "${timeZone}"; install its package tzdata, or leave timeZone out for UTC`,
    );
  }
}
