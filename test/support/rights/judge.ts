import type { Result } from "../../../tools/shell";
import { type End, filled, lastDay, type RightsCase } from "./cases";
import type { RightsProgram } from "./programs";
import type { RightsRegistry } from "./registry";

/** Pushes as an administrator what a program is to find. */
export async function fill(registry: RightsRegistry, name: string, program: RightsProgram): Promise<void> {
  for (const reference of filled(name)) {
    const result = await act(registry, program.push, "admin", [reference]);
    if (result.status !== 0) throw new Error(`${name} cannot push ${reference}: ${text(result)}`);
  }
}

/** Tries a case: what is wrong with how it ends, "" if nothing is. */
export async function complaint(
  registry: RightsRegistry,
  program: RightsProgram,
  { as, does, references, isOther, ends }: RightsCase,
): Promise<string> {
  const command = program[does];
  if (command === undefined) return `cannot ${does}`;
  return otherEnd(await act(registry, command, as, references, isOther), ends, program);
}

/** Logs in with the right password, a wrong one, and as somebody whose login is over. */
export async function loginComplaint(registry: RightsRegistry, program: RightsProgram): Promise<string> {
  if (program.login === undefined) return "";
  const { endpoint, passwords } = registry;
  const late = { denied: "login", words: `the login of late expired on ${lastDay}` } as const;
  const logins: readonly (readonly [string, string | undefined, End])[] = [
    ["alice", passwords.alice, "well"],
    ["alice", "wrong", "refused"],
    ["nobody.known", "wrong", "refused"],
    ["late", passwords.late, late],
  ];
  const found: string[] = [];
  for (const [user, password, ends] of logins) {
    const result = await registry.run(program.login, "nobody", [endpoint, user], password);
    const wrong = otherEnd(result, ends, program);
    if (wrong !== "") found.push(`login of ${user} ${wrong}`);
  }
  return found.join("\n");
}

/** Lists the repositories: of everybody those alone that they may pull, and nobody gets a list. */
export async function listComplaint(
  registry: RightsRegistry,
  name: string,
  program: RightsProgram,
): Promise<string> {
  const { list } = program;
  if (list === undefined) return "";
  const ask = (as: string) => registry.run(list, as, [registry.endpoint]);
  const found = otherEnd(await ask("nobody"), "refused", program);
  const shown = (await ask("reader")).stdout.split("\n").filter(Boolean);
  const all = (await ask("admin")).stdout.split("\n");
  const [open = "", team = "", secret = ""] = filled(name).map((reference) => reference.split(":")[0]);
  const isRight =
    shown.includes(open) && shown.includes(team) && shown.every((each) => /^(public|team)\//.test(each));
  return [
    found,
    isRight ? "" : `shows a reader ${shown.join(" ")}`,
    all.includes(secret) ? "" : `does not show ${secret} to an administrator`,
  ]
    .filter(Boolean)
    .join("\n");
}

function act(
  registry: RightsRegistry,
  command: string,
  as: string,
  references: readonly string[],
  isOther = false,
): Promise<Result> {
  const { endpoint, passwords } = registry;
  const login = as === "nobody" ? "" : as === "wrong" ? "alice:wrong" : `${as}:${passwords[as]}`;
  const [first, second] = references.map((reference) => `${endpoint}/${reference}`);
  // A copy is made by programs that read their login from a file.
  const args = [first ?? "", second ?? login, isOther ? "/tmp/other.tar" : "/tmp/tiny.tar"];
  return registry.run(command, as, args);
}

/** How something ended, if that is not how it should. */
function otherEnd(result: Result, ends: End, program: RightsProgram): string {
  if (ends === "well") return result.status === 0 ? "" : `fails: ${text(result)}`;
  if (result.status === 0) return `ends well: ${text(result)}`;
  const expected = ends === "refused" ? program.refusal : (program.hides?.[ends.denied] ?? ends.words);
  const says = typeof expected === "string" ? text(result).includes(expected) : expected.test(text(result));
  return says ? "" : `does not say ${expected}: ${text(result)}`;
}

function text({ stdout, stderr }: Result): string {
  return stdout + stderr;
}
