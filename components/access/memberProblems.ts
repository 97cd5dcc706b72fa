import { quoted } from "../base/values";
import type { AccessUserArgs } from "./args";

const NAME_OF_GROUP = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;
const GROUP_RULE = "write letters, digits and . _ @ - only, a letter or digit first, 128 characters at most";

/** Problems of a user's groups and of the end of the login. */
export function memberProblems(argument: string, { groups = [], expires }: AccessUserArgs): string[] {
  return [
    ...groups.flatMap((group, index) =>
      NAME_OF_GROUP.test(group)
        ? []
        : [`${argument}.groups[${index}]: ${quoted(group)} is not a name of a group; ${GROUP_RULE}`],
    ),
    ...(expires === undefined || isDay(expires)
      ? []
      : [
          `${argument}.expires: ${quoted(expires)} is not a day; write the last day of the login, such as "2027-01-31"`,
        ]),
  ];
}

/** Problems of groups where there are no rules. */
export function groupsForNothing(argument: string, { groups = [] }: AccessUserArgs): string[] {
  return groups.length === 0
    ? []
    : [
        `${argument}.groups: are for rules of access, and there are none; write rules in access, or leave groups out`,
      ];
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 31 February is a day of March to the parser.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
