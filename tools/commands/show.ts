import { stringify } from "yaml";
import { nearest } from "../../infra/unknownKeys";
import { takeFlag } from "../arguments";
import type { Context } from "../context";
import { problem } from "../say";
import { setUp } from "../setup";
import { optionOf, stackOutputs } from "../stackOutputs";

/** Prints one output of the stack, or what a key of it holds. Secrets are shown: that is what it is for. */
export async function show(context: Context, given: readonly string[]): Promise<number> {
  const { given: json, rest } = takeFlag(given, "--json");
  const unknown = rest.find((argument) => argument.startsWith("-"));
  if (unknown !== undefined) throw problem(`show has no option "${unknown}", but --json and --stack`);
  const environment = await setUp(context, { docker: false, images: false });
  const outputs = await stackOutputs(context, environment);
  const value = rest.length === 0 ? Object.keys(outputs).join("\n") : valueAt(context, outputs, rest);
  process.stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : readable(value));
  return 0;
}

/** What the outputs have under an output's name, then under the key in it, and so on. */
export function valueAt(context: Context, outputs: object, names: readonly string[]): unknown {
  let value: unknown = outputs;
  for (const [depth, name] of names.entries()) {
    if (typeof value !== "object" || value === null)
      throw problem(`${names.slice(0, depth).join(" ")} is a single value: leave "${name}" out`);
    const keys = Object.keys(value);
    if (!keys.includes(name)) throw problem(refusal(context, names.slice(0, depth), name, keys));
    value = Reflect.get(value, name);
  }
  return value;
}

/** A text as it is, so that it can go into a file; what has keys as YAML, which shows texts of many lines as such. */
export function readable(value: unknown): string {
  if (typeof value === "object" && value !== null) return stringify(value, { lineWidth: 0 });
  const text = String(value);
  return text.endsWith("\n") ? text : `${text}\n`;
}

function refusal(context: Context, path: readonly string[], name: string, keys: readonly string[]): string {
  const near = nearest(name, keys);
  const hint = near === undefined ? "." : `; did you mean "${near}"?`;
  const found = ` There are: ${keys.join(", ") || "none"}.`;
  const output = path.join(" ");
  if (path.length > 0) return `${output} has no key "${name}"${hint}${found}`;
  const up = `npm run up${optionOf(context.stack)}`;
  return `the stack "${context.stack}" has no output "${name}", or your settings leave it empty${hint}${found} After an update of this project, ${up} adds new ones.`;
}
