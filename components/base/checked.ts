/**
 * An argument that the checks have seen to be there.
 *
 * @throws Error if it is not: then a check is missing.
 */
export function checked<Value>(argument: string, value: Value | undefined): Value {
  if (value === undefined) {
    throw new Error(`${argument}: is missing, and nothing has refused that`);
  }
  return value;
}
