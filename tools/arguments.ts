import { problem } from "./say";

export interface StackArguments {
  readonly stack: string;
  readonly rest: readonly string[];
}

/** Takes `--stack NAME`, `--stack=NAME` or `-s NAME` out of the arguments. What follows `--` is not looked at. */
export function takeStack(args: readonly string[], fallback = "dev"): StackArguments {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const { taken, rest } = takeOptions(args.slice(0, end), "--stack", "-s");
  const stacks = taken.map(({ option, value }) => checkedStack(option, value));
  return { stack: stacks.at(-1) ?? fallback, rest: [...rest, ...args.slice(end)] };
}

/** Takes an option with a value out of the arguments, as `--user alice` or `--user=alice`. */
export function takeValue(args: readonly string[], name: string, example: string) {
  const { taken, rest } = takeOptions(args, name);
  const value = taken.at(-1)?.value;
  if (value === "") throw problem(`${name} needs a value, for example "${name} ${example}"`);
  return { value, rest };
}

/** An option as it was given, with nothing as its value if it had none. */
interface TakenOption {
  readonly option: string;
  readonly value: string;
}

function takeOptions(args: readonly string[], ...options: readonly string[]) {
  const taken: TakenOption[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    const joined = options.find((option) => option.startsWith("--") && argument.startsWith(`${option}=`));
    if (options.includes(argument)) {
      i += 1;
      taken.push({ option: argument, value: args[i] ?? "" });
    } else if (joined !== undefined) {
      taken.push({ option: joined, value: argument.slice(joined.length + 1) });
    } else rest.push(argument);
  }
  return { taken, rest };
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
function checkedStack(option: string, name: string): string {
  if (name === "" || name.startsWith("-"))
    throw problem(`${option} needs the name of a stack, for example "${option} dev"`);
  if (/^[A-Za-z0-9_.-]+$/.test(name)) return name;
  throw problem(
    `stack name "${name}" may hold only letters, digits and "_", ".", "-"; type for example "dev"`,
  );
}
