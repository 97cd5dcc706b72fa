import { everyAddressOfBoth } from "../base/networks";
import { choiceProblems } from "../base/values";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import { Front } from "./args";
import { type FrontArgument, givenOf, ofProxy, ofTls } from "./frontKind";
import { frontKind } from "./fronts";

/** What is said of an argument that the chosen front does not accept. */
const refusals: readonly (readonly [names: readonly FrontArgument[], reason: (front: Front) => string])[] = [
  [ofProxy, (front) => `is for nginx, and front is "${front}"; leave it out, or write "nginx" in front`],
  [
    ofTls,
    (front) =>
      `is for TLS, and front "${front}" is plain HTTP; leave it out, or write "nginx" or "direct" in front`,
  ],
  [["external"], onlyFor(Front.External)],
  [["waf"], onlyFor(Front.Waf)],
];

/** Problems of the front, and of arguments that the chosen one cannot honour. */
export function frontProblems(front: Front, args: PrivateRegistryArgs): string[] {
  const choices = choiceProblems("front", front, Object.values(Front));
  if (choices.length > 0) {
    return choices;
  }
  const { accepts, proxy, problems } = frontKind(front);
  return [
    ...(proxy === undefined && args.bindAddress === everyAddressOfBoth
      ? [
          `bindAddress: "${everyAddressOfBoth}" is for nginx, and front is "${front}"; write "0.0.0.0" or one address, or "nginx" in front`,
        ]
      : []),
    ...refusals.flatMap(([names, reason]) =>
      givenOf(args, names)
        .filter((name) => !accepts.includes(name))
        .map((name) => `${name}: ${reason(front)}`),
    ),
    ...(proxy === undefined ? userProblems(front, args) : []),
    ...problems(args),
  ];
}

/** Problems of what is said of users and only nginx can honour. */
function userProblems(front: Front, { users = [] }: PrivateRegistryArgs): string[] {
  return users.flatMap((user, index) =>
    (["groups", "expires"] as const)
      .filter((name) => user[name] !== undefined)
      .map(
        (name) =>
          `users[${index}].${name}: is for nginx, and front is "${front}"; leave it out, or write "nginx" in front`,
      ),
  );
}

function onlyFor(own: Front) {
  return (front: Front) =>
    `is for the front "${own}", and front is "${front}"; leave it out, or write "${own}" in front`;
}
