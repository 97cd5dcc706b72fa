/**
 * Small checks that every `...Problems.ts` uses.
 *
 * A check is pure: it returns one message per problem, and an empty list when the value is fine. A message names the
 * argument by its path, shows the value unless it is secret, and says what to type instead.
 */

/** Largest count, in hours or seconds, that Go's 64-bit durations in nanoseconds hold with a margin. */
const LARGEST_WHOLE_NUMBER = 1_000_000;

/** A map with text keys: what YAML and JSON call a mapping or object. */
export interface TextMap {
  readonly [key: string]: unknown;
}

/** Whether a value is a plain map: neither a list nor null nor an object of a class, such as an Output. */
export function isTextMap(value: unknown): value is TextMap {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether text holds a control character (tab, line break, NUL, ...), which no name or header may. */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** A value as a message shows it: in double quotes, control characters escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/\p{Cc}/gu, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

/** Several values as a message shows them: quoted, with commas between. */
export function quotedList(texts: readonly string[]): string {
  return texts.map(quoted).join(", ");
}

/**
 * Problems of a count that must be whole and within two bounds, both included.
 * An absent value is fine: the default applies.
 */
export function wholeNumberProblems(
  argument: string,
  value: number | undefined,
  minimum: number,
  maximum: number = LARGEST_WHOLE_NUMBER,
): string[] {
  if (value === undefined || (Number.isInteger(value) && value >= minimum && value <= maximum)) {
    return [];
  }
  return [`${argument}: ${value} is out of range; write a whole number from ${minimum} to ${maximum}`];
}

/** Problems of a choice that must be one of a few words. An absent value is fine: the default applies. */
export function choiceProblems(
  argument: string,
  value: string | undefined,
  choices: readonly string[],
): string[] {
  if (value === undefined || choices.includes(value)) {
    return [];
  }
  return [`${argument}: ${quoted(value)} is not one of the choices; write one of ${quotedList(choices)}`];
}

/** Problems of a time of day, "HH:MM". An absent value is fine: the default applies. */
export function timeOfDayProblems(argument: string, time: string | undefined, example: string): string[] {
  return time === undefined || /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/.test(time)
    ? []
    : [`${argument}: ${quoted(time)} is not a time of day; write one such as ${quoted(example)}`];
}

/** Problems of a value that may be left out. */
export function given<Value>(value: Value | undefined, problems: (value: Value) => string[]): string[] {
  return value === undefined ? [] : problems(value);
}
