import { createHash } from "node:crypto";
import type { Context } from "./job";
import type { RetentionRule } from "./settings";
import { stateFile } from "./stateFile";

const rulesFile = "retention.json";

/**
 * Which rules only report yet, by their places: those that no run before has reported of. All do after a rule was taken
 * out or changed, as that one may have kept what the others take.
 */
export function newRules(context: Context): boolean[] {
  const known = knownRules(context);
  const hashes = context.settings.retention.map(hashOf);
  const isOneGone = known.some((hash) => !hashes.includes(hash));
  return hashes.map((hash) => isOneGone || !known.includes(hash));
}

export function rememberRules(context: Context): void {
  const rules = context.settings.retention.map(hashOf);
  context.disk.write(stateFile(context, rulesFile), `${JSON.stringify({ rules })}\n`);
}

/** No rule is known if the file is not there or makes no sense: they report once more. */
function knownRules(context: Context): readonly string[] {
  try {
    const { rules }: { readonly rules?: unknown } = JSON.parse(
      context.disk.read(stateFile(context, rulesFile)) ?? "{}",
    );
    return Array.isArray(rules) ? rules.map(String) : [];
  } catch {
    return [];
  }
}

/** Hash of all that a rule says, whatever order its text has. */
function hashOf(rule: RetentionRule): string {
  const { repositories, tags, keepTags, keepNewest, maxTags = null, deleteAfterDays = null } = rule;
  const said = JSON.stringify([repositories, tags, keepTags, keepNewest, maxTags, deleteAfterDays]);
  return createHash("sha256").update(said).digest("hex");
}
