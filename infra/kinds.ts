import { isTextMap, quoted } from "../components/base/values";
import { unknownKeyProblems } from "./unknownKeys";

/** What a value of the config must be; YAML tells text, numbers and truth values apart by their looks. */
export type Kind =
  | "text"
  | "number"
  | "boolean"
  | "texts"
  | "numbers"
  /** A map of anything. */
  | "map"
  /** A list of one kind. */
  | { readonly items: Kind }
  /** A map of one kind, with any keys. */
  | { readonly every: Kind }
  /** A map with these keys, of which some must be there. */
  | MapKind;

export interface MapKind {
  readonly keys: { readonly [key: string]: Kind };
  readonly needs?: readonly string[];
}

/** Problems of a value whose type nothing has checked, and of everything in it. An absent one is fine. */
export function kindProblems(argument: string, value: unknown, kind: Kind): string[] {
  if (value === undefined) {
    return [];
  }
  if (kind === "texts" || kind === "numbers") {
    return listProblems(argument, value, kind === "texts" ? "text" : "number");
  }
  if (typeof kind === "object" && "items" in kind) {
    return listProblems(argument, value, kind.items);
  }
  if (typeof kind === "string" && kind !== "map") {
    return scalarProblems(argument, value, kind);
  }
  if (!isTextMap(value)) {
    return [`${argument}: ${described(value)}; write a map`];
  }
  if (kind === "map") {
    return [];
  }
  if ("every" in kind) {
    return Object.entries(value).flatMap(([key, item]) =>
      kindProblems(`${argument}.${key}`, item, kind.every),
    );
  }
  return [
    ...unknownKeyProblems(argument, value, Object.keys(kind.keys)),
    ...(kind.needs ?? [])
      .filter((key) => !Object.hasOwn(value, key))
      .map((key) => `${argument}: lacks ${quoted(key)}; write ${quoted(key)} too`),
    ...Object.entries(kind.keys).flatMap(([key, itsKind]) =>
      Object.hasOwn(value, key) ? kindProblems(`${argument}.${key}`, value[key], itsKind) : [],
    ),
  ];
}

function listProblems(argument: string, value: unknown, kind: Kind): string[] {
  return Array.isArray(value)
    ? value.flatMap((item, index) => kindProblems(`${argument}[${index}]`, item, kind))
    : [`${argument}: ${described(value)}; write a list`];
}

function scalarProblems(argument: string, value: unknown, kind: "text" | "number" | "boolean"): string[] {
  if (typeof value === (kind === "text" ? "string" : kind)) {
    return [];
  }
  const advice = {
    text: isScalar(value) ? `write it in quotes: ${quoted(String(value))}` : "write text",
    number: looksLike(value, /^-?\d+(\.\d+)?$/) ? "write it without quotes" : "write a number",
    boolean: looksLike(value, /^(true|false)$/) ? "write it without quotes" : "write true or false",
  };
  return [`${argument}: ${described(value)}; ${advice[kind]}`];
}

/** A value as a message shows it. Text is shown only where it cannot be a password in the wrong place. */
function described(value: unknown): string {
  if (value === null) {
    return "has no value";
  }
  if (looksLike(value, /^(-?\d+(\.\d+)?|true|false)$/)) {
    return `${JSON.stringify(value)} is text`;
  }
  if (isScalar(value)) {
    return `${value} is ${typeof value === "number" ? "a number" : "a truth value"}`;
  }
  return Array.isArray(value) ? "is a list" : isTextMap(value) ? "is a map" : "is text";
}

function isScalar(value: unknown): value is number | boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function looksLike(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}
