import { AccessAction, type AccessRuleArgs, type AccessUserArgs } from "../access/args";
import { usersWhoMayEverywhere } from "../access/mayEverywhere";
import { networkProblems } from "../base/networks";
import { choiceProblems, given, quoted, quotedList, wholeNumberProblems } from "../base/values";
import { LogFormat } from "../registry/args";
import type { LogArgs, MetricsArgs } from "./args";

/** Problems of what is written down of requests. @param hasKeeper - whether there is a keeper, which has the audit files */
export function logProblems(log: LogArgs, hasKeeper: boolean, argument = "log"): string[] {
  return [
    ...choiceProblems(`${argument}.format`, log.format, Object.values(LogFormat)),
    ...wholeNumberProblems(`${argument}.auditDays`, log.auditDays, 0, 36_500),
    ...((log.auditDays ?? 0) > 0 && !hasKeeper
      ? [
          `${argument}.auditDays: the keeper has the lines, and there is none; set it to 0, and ${argument}.format to "json" for the same in the log`,
        ]
      : []),
  ];
}

/** Problems of who may read metrics. @param users - those there are, where that is known */
export function metricsProblems(
  metrics: MetricsArgs,
  users?: readonly AccessUserArgs[],
  access?: readonly AccessRuleArgs[],
  argument = "metrics",
): string[] {
  const names = users?.map(({ name }) => name);
  return [
    ...given(metrics.users, (readers) =>
      readers.flatMap((user, index) =>
        names?.includes(user) === false
          ? [
              `${argument}.users[${index}]: ${quoted(user)} is not one of users; write one of ${quotedList(names)}, or add the user`,
            ]
          : [],
      ),
    ),
    ...given(metrics.allowedAddresses, (networks) =>
      networks.length === 0 ? [] : networkProblems(`${argument}.allowedAddresses`, networks),
    ),
    ...(metrics.users?.length === 0 && (metrics.allowedAddresses ?? []).length === 0
      ? [`${argument}.users: is empty, so that nobody could read them; write users, or leave it out`]
      : []),
    ...(isForNobody(metrics, users, access)
      ? [
          `${argument}.users: is missing, and only who may delete everywhere could read them, which by access nobody may; write the user that Prometheus logs in as`,
        ]
      : []),
  ];
}

/** Whether the users who may read metrics are left to the rules, and these know none. */
function isForNobody(
  { users: readers, allowedAddresses = [] }: MetricsArgs,
  users: readonly AccessUserArgs[] | undefined,
  access: readonly AccessRuleArgs[] | undefined,
): boolean {
  return (
    readers === undefined &&
    allowedAddresses.length === 0 &&
    users !== undefined &&
    usersWhoMayEverywhere(AccessAction.Delete, access, users).length === 0
  );
}
