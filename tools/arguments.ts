import { problem } from "./say";

export interface StackArguments {
  readonly stack: string;
  readonly rest: readonly string[];
}

/** Takes `--stack NAME`, `--stack=NAME` or `-s NAME` out of the arguments. What follows `--` is not looked at. */
export function takeStack(args: readonly string[], fallback = "dev"): StackArguments {
  const rest: string[] = [];
  let stack = fallback;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (argument === "--") {
      rest.push(...args.slice(i));
      break;
    }
    if (argument === "--stack" || argument === "-s") {
      i += 1;
      stack = checkedStack(argument, args[i]);
    } else if (argument.startsWith("--stack=")) stack = checkedStack("--stack", argument.slice(8));
    else rest.push(argument);
  }
  return { stack, rest };
}

/** Takes an option with a value out of the arguments, as `--user alice` or `--user=alice`. */
export function takeValue(args: readonly string[], name: string, example: string) {
  const rest: string[] = [];
  let value: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (argument === name) {
      i += 1;
      value = args[i] ?? "";
    } else if (argument.startsWith(`${name}=`)) value = argument.slice(name.length + 1);
    else rest.push(argument);
  }
  if (value === "") throw problem(`${name} needs a value, for example "${name} ${example}"`);
  return { value, rest };
}

/** Takes a flag out of the arguments and says whether it was there. */
export function takeFlag(args: readonly string[], ...names: readonly string[]) {
  const rest = args.filter((argument) => !names.includes(argument));
  return { given: rest.length < args.length, rest };
}

/** The stack that an engine command line is about: by option, by name in `stack init NAME`, else the default. */
export function stackOfEngineCommand(args: readonly string[], fallback = "dev"): string {
  const { stack, rest } = takeStack(args, fallback);
  const words = rest.filter((argument) => !argument.startsWith("-"));
  const named =
    words[0] === "stack" && ["init", "rm", "select"].includes(words[1] ?? "") ? words[2] : undefined;
  return named === undefined ? stack : checkedStack("stack name", named);
}

// The name becomes part of file and container names; this is also what the engine allows without an account.
function checkedStack(option: string, name: string | undefined): string {
  if (name === undefined || name === "" || name.startsWith("-"))
    throw problem(`${option} needs the name of a stack, for example "${option} dev"`);
  if (/^[A-Za-z0-9_.-]+$/.test(name)) return name;
  throw problem(
    `stack name "${name}" may hold only letters, digits and "_", ".", "-"; type for example "dev"`,
  );
}
