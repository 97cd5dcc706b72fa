import { isPasswordKey, keysBeside } from "../infra/keysBeside";

/** Settings of a stack, and keys beside them such as passwords and `dockerHost`, in one. */
export interface StackConfig {
  readonly [key: string]: unknown;
}

const isBeside = (key: string) => isPasswordKey(key) || keysBeside.includes(key);

/** The config as a stack file has it, keys without the project. */
export function stackConfig(values: StackConfig): StackConfig {
  const entries = Object.entries(values);
  return {
    settings: Object.fromEntries(entries.filter(([key]) => !isBeside(key))),
    ...Object.fromEntries(entries.filter(([key]) => isBeside(key))),
  };
}

/** The same with the project in the keys, as a file of the engine has it. */
export function stackFile(values: StackConfig) {
  const entries = Object.entries(stackConfig(values));
  return { config: Object.fromEntries(entries.map(([key, value]) => [`private-registry:${key}`, value])) };
}
