import type { Verdict } from "./retention";
import type { Outcome, TagReport } from "./retentionReport";

/**
 * `scheduled` lets new or changed rules only report, and stops where more than half of a repository's tags would go;
 * `apply` takes all that goes; `report` takes nothing and tells what the next scheduled run would do.
 */
export type RetentionMode = "scheduled" | "apply" | "report";

/** What is to become of each tag that was judged. */
export function outcomesOf(
  verdicts: readonly Verdict[],
  mode: RetentionMode,
  isNew: readonly boolean[],
): Outcome[] {
  const outcomes = verdicts.map(({ takenBy }): Outcome => {
    if (takenBy.length === 0) return "kept";
    return takenBy.every((rule) => isNew[rule]) ? "waits" : "goes";
  });
  const leaving = outcomes.filter((outcome) => outcome === "goes");
  const counted = verdicts.filter(({ isSignature }) => !isSignature);
  if (mode === "apply" || 2 * leaving.length <= counted.length) return outcomes;
  return outcomes.map((outcome) => (outcome === "goes" ? "held" : outcome));
}

/** @param gone - the tags that were taken, if any were to be. */
export function tagReports(
  verdicts: readonly Verdict[],
  outcomes: readonly Outcome[],
  gone?: ReadonlySet<string>,
): TagReport[] {
  return verdicts.map(({ tag: { name, digest, pushed }, why }, index) => {
    const outcome = outcomes[index] ?? "kept";
    const done = gone?.has(name) ? "gone" : "changed";
    return {
      tag: name,
      digest,
      pushed: new Date(pushed).toISOString(),
      outcome: gone !== undefined && outcome === "goes" ? done : outcome,
      why,
    };
  });
}
