import { hasControlCharacter, quoted, quotedList, wholeNumberProblems } from "../base/values";

/** What the checks read of a user; the password itself is checked when its value is known. */
export interface UserToCheck {
  readonly name: string;
  readonly password?: unknown;
  readonly passwordGeneration?: number;
}

/** bcrypt reads no more than this many bytes and ignores the rest in silence. */
const LONGEST_PASSWORD_BYTES = 72;

const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/;
const NAME_RULE = "write letters, digits and . _ @ - only, a letter or digit first, 128 characters at most";

/** Problems of the list of users: their names, duplicates, and settings that exclude each other. */
export function userProblems(users: readonly UserToCheck[]): string[] {
  if (users.length === 0) {
    return ['users: is empty; write at least one user, such as { name: "alice" }'];
  }
  return users.flatMap((user, index) => [
    ...nameProblems(users, index),
    ...passwordGenerationProblems(`users[${index}].passwordGeneration`, user),
  ]);
}

/** Problems of a password given by the caller. The messages show its length at most. */
export function passwordProblems(argument: string, password: string): string[] {
  const bytes = Buffer.byteLength(password, "utf8");
  if (bytes === 0) {
    return [`${argument}: is empty; write a password, or leave it out to have one generated`];
  }
  const problems: string[] = [];
  if (bytes > LONGEST_PASSWORD_BYTES) {
    problems.push(
      `${argument}: has ${bytes} bytes and bcrypt reads ${LONGEST_PASSWORD_BYTES}; write a shorter password`,
    );
  }
  if (hasControlCharacter(password)) {
    problems.push(
      `${argument}: has a line break or another control character; write one line (a file read whole often ends in a line break)`,
    );
  }
  return problems;
}

/** Problems of the user whose login the client files carry. Absent is fine: the first user. */
export function clientUserProblems(clientUser: string | undefined, users: readonly UserToCheck[]): string[] {
  return clientUser === undefined ? [] : choiceProblems("clientUser", clientUser, users);
}

/** Problems of the users who get an install script of their own. */
export function installScriptUserProblems(
  chosen: readonly string[],
  users: readonly UserToCheck[],
): string[] {
  return chosen.flatMap((name, index) => choiceProblems(`installScriptUsers[${index}]`, name, users));
}

function choiceProblems(argument: string, chosen: string, users: readonly UserToCheck[]): string[] {
  const names = users.map((user) => user.name);
  return names.includes(chosen)
    ? []
    : [`${argument}: ${quoted(chosen)} is not one of users; write one of ${quotedList(names)}`];
}

function nameProblems(users: readonly UserToCheck[], index: number): string[] {
  const name = users[index]?.name ?? "";
  const argument = `users[${index}].name`;
  if (name === "") {
    return [`${argument}: is empty; ${NAME_RULE}`];
  }
  if (!NAME_PATTERN.test(name)) {
    return [`${argument}: ${quoted(name)} is not a user name; ${NAME_RULE}`];
  }
  const first = users.findIndex((user) => user.name === name);
  return first === index
    ? []
    : [`${argument}: ${quoted(name)} is users[${first}] again; write each user once`];
}

function passwordGenerationProblems(argument: string, user: UserToCheck): string[] {
  if (user.passwordGeneration !== undefined && user.password !== undefined) {
    return [
      `${argument}: is for generated passwords, and this user has a password of its own; leave one of them out`,
    ];
  }
  return wholeNumberProblems(argument, user.passwordGeneration, 1);
}
