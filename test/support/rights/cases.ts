import type { Denial, RightsProgram } from "./programs";

/** Last day of a login that is over. */
export const lastDay = new Date(Date.now() - 172_800_000).toISOString().slice(0, 10);

/** Who there is, and what they may do. */
export const rights = {
  users: [
    { name: "admin" },
    { name: "alice", groups: ["developers"] },
    { name: "reader", groups: ["readers"] },
    { name: "late", groups: ["developers"], expires: lastDay },
  ],
  access: [
    { repositories: ["public/*"], anonymous: true, actions: ["pull"] },
    { repositories: ["team/*"], groups: ["readers"], actions: ["pull"] },
    { repositories: ["team/*"], groups: ["developers"], actions: ["push"] },
    { repositories: ["**"], users: ["admin"], actions: ["push", "delete"] },
  ],
  immutableTags: [{ repositories: ["team/*"], tags: ["v*"] }],
};

/** What a program finds there, as an administrator pushes it. */
export const filled = (program: string) =>
  ["public", "team", "secret"].map((group) => `${group}/${program}:1.0.0`);

/** How it ends: well, refused for want of a login that is right, or denied in the registry's words. */
export type End = "well" | "refused" | { readonly denied: Denial; readonly words: string };

export interface RightsCase {
  readonly title: string;
  /** A user, nobody, or `alice` with a wrong password. */
  readonly as: string;
  readonly does: "push" | "pull" | "copy" | "remove";
  /** What it is done to, without the registry's address; for a copy also where to. */
  readonly references: readonly string[];
  /** Whether it pushes another image than before. */
  readonly isOther?: boolean;
  readonly ends: End;
}

/** All cases of a program, in their order: later ones find what earlier ones pushed. */
export function casesOf(name: string, { asksPerRequest, copy, remove }: RightsProgram): RightsCase[] {
  const all: readonly (readonly [string, string, RightsCase["does"], readonly string[], End, true?])[] = [
    ["nobody pulls what is public", "nobody", "pull", [`public/${name}:1.0.0`], "well"],
    ["nobody is refused a pull of what is not", "nobody", "pull", [`team/${name}:1.0.0`], "refused"],
    ["nobody is refused a push to what is public", "nobody", "push", [`public/${name}:2.0.0`], "refused"],
    ["a developer pulls", "alice", "pull", [`team/${name}:1.0.0`], "well"],
    ["a developer pulls what is public", "alice", "pull", [`public/${name}:1.0.0`], "well"],
    ["a developer pushes", "alice", "push", [`team/${name}:2.0.0`], "well"],
    ["a developer pushes a repository that is new", "alice", "push", [`team/${name}-new:1.0.0`], "well"],
    [
      "a developer is denied a push to what all may pull",
      "alice",
      "push",
      [`public/${name}-new:1.0.0`],
      { denied: "push", words: `alice may not push to public/${name}-new` },
    ],
    ["a reader pulls", "reader", "pull", [`team/${name}:2.0.0`], "well"],
    [
      "a reader is denied a push beside what is there",
      "reader",
      "push",
      [`team/${name}:3.0.0`],
      { denied: "push", words: `reader may not push to team/${name}` },
    ],
    [
      "a developer is denied a push to where they may not even look",
      "alice",
      "push",
      [`secret/${name}:2.0.0`],
      { denied: "blind", words: `alice may not push to secret/${name}` },
    ],
    [
      "a reader is denied a pull",
      "reader",
      "pull",
      [`secret/${name}:1.0.0`],
      { denied: "pull", words: `reader may not pull secret/${name}` },
    ],
    ["a wrong password is refused", "wrong", "pull", [`team/${name}:1.0.0`], "refused"],
    [
      "a wrong password for what needs none is refused where the client shows it",
      "wrong",
      "pull",
      [`public/${name}:1.0.0`],
      asksPerRequest ? "well" : "refused",
    ],
    [
      "a login that is over is denied with its last day",
      "late",
      "pull",
      [`team/${name}:1.0.0`],
      { denied: "late", words: `the login of late expired on ${lastDay}` },
    ],
    ["a developer pushes a release", "alice", "push", [`team/${name}-release:v1.0.0`], "well"],
    ["a developer pushes the same release again", "alice", "push", [`team/${name}-release:v1.0.0`], "well"],
    [
      "a developer is denied another release of that name",
      "alice",
      "push",
      [`team/${name}-release:v1.0.0`],
      { denied: "immutable", words: `the tag v1.0.0 of team/${name}-release is immutable` },
      true,
    ],
  ];
  const copies: typeof all = [
    [
      "a developer copies what is public to the team",
      "alice",
      "copy",
      [`public/${name}:1.0.0`, `team/${name}:4.0.0`],
      "well",
    ],
    [
      "a developer is denied a copy of what they may not pull",
      "alice",
      "copy",
      [`secret/${name}:1.0.0`, `team/${name}:5.0.0`],
      { denied: "copy", words: `alice may not pull secret/${name}` },
    ],
  ];
  const removals: typeof all = [
    [
      "a developer is denied a deletion",
      "alice",
      "remove",
      [`team/${name}:2.0.0`],
      { denied: "remove", words: `alice may not delete from team/${name}` },
    ],
    ["an administrator deletes", "admin", "remove", [`team/${name}:2.0.0`], "well"],
  ];
  return [...all, ...(copy ? copies : []), ...(remove ? removals : [])].map(
    ([title, as, does, references, ends, isOther]) => ({ title, as, does, references, ends, isOther }),
  );
}
