/*
 * `Math.max` and `Math.min` take each number as an argument, and a call with some hundred thousand of them is an error; so
 * is a `push` of a whole list.
 */

/** The largest of any number of numbers; -Infinity of none. */
export function largest(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other), -Infinity);
}

/** The smallest of any number of numbers; Infinity of none. */
export function smallest(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.min(one, other), Infinity);
}
