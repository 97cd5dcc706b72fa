// What tests of the images command expect and look at.
import { readdirSync, readFileSync } from "node:fs";
import { digest } from "./keeperAttacks";

/** What the keeper is handed, by the command line, for a registry at this address. */
export const handedOver = (
  address: string,
): { readonly [line: string]: { readonly [field: string]: unknown } } => ({
  list: { verb: "list", flags: [] },
  "list --json": { verb: "list", flags: ["json"] },
  "tags team/app": { verb: "tags", repository: "team/app", flags: [] },
  [`tags ${address}/team/app`]: { verb: "tags", repository: "team/app", flags: [] },
  "show team/app:1.0": { verb: "show", repository: "team/app", tag: "1.0", flags: [] },
  [`--json show team/app@${digest}`]: { verb: "show", repository: "team/app", digest, flags: ["json"] },
  "delete team/app:1.0": { verb: "delete", repository: "team/app", tag: "1.0", flags: [] },
  "delete --digest a/b_c:_x": { verb: "delete", repository: "a/b_c", tag: "_x", flags: ["digest"] },
  [`delete a@${digest} --digest --apply`]: {
    verb: "delete",
    repository: "a",
    digest,
    flags: ["digest", "apply"],
  },
  [`restore ${address}/a:1`]: { verb: "restore", repository: "a", tag: "1", flags: [] },
  retention: { verb: "retention", flags: [] },
  "retention --apply --json": { verb: "retention", flags: ["apply", "json"] },
  "collect --dry-run": { verb: "collect", flags: ["dry-run"] },
  report: { verb: "report", flags: [] },
  verify: { verb: "verify", flags: [] },
  backup: { verb: "backup", flags: [] },
  "repair --json": { verb: "repair", flags: ["json"] },
  "verify team/app": { verb: "verify", repository: "team/app", flags: [] },
  audit: { verb: "audit", flags: [] },
  "audit team/app --by bob --since 2027-01-31 --refused": {
    verb: "audit",
    repository: "team/app",
    by: "bob",
    since: "2027-01-31",
    flags: ["refused"],
  },
});

/** The command lines of all processes, their words parted by NUL. */
export function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    });
}
