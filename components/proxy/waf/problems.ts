import { given, wholeNumberProblems } from "../../base/values";
import type { WafArgs } from "./args";

/** Problems of the settings of the web application firewall. */
export function wafProblems(waf: WafArgs, argument = "waf"): string[] {
  return [
    ...wholeNumberProblems(`${argument}.paranoiaLevel`, waf.paranoiaLevel, 1, 4),
    ...wholeNumberProblems(`${argument}.anomalyThreshold`, waf.anomalyThreshold, 1),
    ...given(waf.excludedRules, (rules) =>
      rules.flatMap((id, index) =>
        wholeNumberProblems(`${argument}.excludedRules[${index}]`, id, 1, 9_999_999),
      ),
    ),
    ...wholeNumberProblems(`${argument}.bodyLimit`, waf.bodyLimit, 65_536, 33_554_432),
  ];
}
