import type { Context } from "./job";

/** Where the keeper writes down what it knows from run to run, such as "status.json". */
export function stateFile({ settings }: Context, name: string): string {
  return `${settings.controlFolder}/state/${name}`;
}

/** What was written down there as JSON; undefined if it is lost or makes no sense, so that all begins anew. */
export function readState<Value>(context: Context, name: string): Value | undefined {
  try {
    const value: Value | null = JSON.parse(context.disk.read(stateFile(context, name)) ?? "null");
    return value ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
