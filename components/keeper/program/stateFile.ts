import type { Context } from "./job";

/** Where the keeper writes down what it knows from run to run, such as "status.json". */
export function stateFile({ settings }: Context, name: string): string {
  return `${settings.controlFolder}/state/${name}`;
}
