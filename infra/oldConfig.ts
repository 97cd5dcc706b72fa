import { isDeepStrictEqual } from "node:util";
import { Document, parse, Scalar, visit } from "yaml";
import { isTextMap, type TextMap } from "../components/base/values";
import { settingsKind } from "./configShapes";
import type { Kind } from "./kinds";
import { oldKeys } from "./oldKeys";
import { stackOption } from "./stackOption";

/** Whose config it is. */
export interface Config {
  readonly project: string;
  readonly stack: string;
  /** Whether the value of a key, or anything in it, is encrypted. */
  readonly isEncrypted: (key: string) => boolean;
}

/** Tells of keys of older versions, with the very lines that replace them; undefined where there are none. */
export function conversion(values: TextMap, config: Config): string | undefined {
  const { project, stack, isEncrypted } = config;
  const found = Object.keys(oldKeys).filter((key) => Object.hasOwn(values, key));
  if (found.length === 0) {
    return undefined;
  }
  const names = found.map(
    (key) =>
      `${project}:${key}${isEncrypted(key) ? " (encrypted: keep its lines, they move as they stand)" : ""}`,
  );
  const present = typed(values.settings);
  const block = asYaml({ config: { [`${project}:settings`]: newSettings(values, config) } });
  return [
    `Pulumi.${stack}.yaml is of an older version: the arguments of the registry are now in one key, settings.`,
    "Take these keys out of it, each with the lines that are indented below it:",
    `  ${names.join("\n  ")}`,
    `In their place, below "config:", put these as they stand, the two spaces at the left included${isEmpty(present) ? "" : ` (only what is below their first line, into the ${project}:settings that is there; of a key that is in both keep one)`}:`,
    "",
    block.replace("config:\n", ""),
    "Left out are comments, and what is the default anyway. All other keys stay as they are, passwords and private keys",
    "among them. Nothing was changed. The new lines mean what the old ones meant; what this version itself replaces is",
    `shown by: npm run pulumi --${stackOption(stack)} preview`,
  ].join("\n");
}

/** The engine reads dates, `yes` and 12:30 as the older YAML does, 0o17 as the newer, and breaks lines as Unicode does. */
function asYaml(value: object): string {
  const strange = /[\u0085\u2028\u2029\ufeff]/g;
  const document = new Document(value, { version: "1.1" });
  visit(document, {
    Scalar: (_, scalar) => {
      const text = scalar.value;
      if (typeof text === "string" && (text.search(strange) !== -1 || isOtherThanText(text))) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document
    .toString({ lineWidth: 0, nullStr: "" })
    .replace(strange, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Whether the newer YAML takes text for a number or the like, unless it is in quotes. */
function isOtherThanText(text: string): boolean {
  return /^[\w.+-]+$/.test(text) && typeof parse(text) !== "string";
}

/** The object `settings` that means what the old keys meant. */
function newSettings(values: TextMap, config: Config): TextMap {
  const given = (key: string) => givenAt(key, values, config);
  const settings = new Map<string, unknown>();
  for (const [key, { path: [first = key, second] = [] }] of Object.entries(oldKeys)) {
    const value = key === "users" ? newUsers(given("users"), given("passwordGenerations")) : given(key);
    if (value === undefined || key === "passwordGenerations" || isIgnored(key, given)) continue;
    const before = settings.get(first);
    settings.set(first, second === undefined ? value : { ...(isTextMap(before) && before), [second]: value });
  }
  return Object.fromEntries(settings);
}

/** The value of an old key, of its type; undefined for none and for what is usual; of an encrypted one a note. */
function givenAt(key: string, values: TextMap, { project, isEncrypted }: Config): unknown {
  if (Object.hasOwn(values, key) && isEncrypted(key)) {
    return noted(`move here what is indented below ${project}:${key}, and indent it below this line`);
  }
  const { path = [key], usual } = oldKeys[key] ?? {};
  const value = typed(values[key], kindAt(path));
  return isEmpty(value) || isDeepStrictEqual(value, usual) ? undefined : value;
}

/** A value that is still to be written, which no program takes before it is. */
function noted(what: string): Scalar {
  const note = new Scalar(null);
  note.comment = ` ${what}`;
  return note;
}

/** Each name became an object, with the generation of its password. */
function newUsers(names: unknown, generations: unknown): unknown {
  if (names instanceof Scalar || (names === undefined && generations === undefined)) {
    return names;
  }
  const users = names ?? oldKeys.users?.usual;
  if (generations instanceof Scalar && Array.isArray(users)) {
    const note = "write the number here that passwordGenerations has for this user, or take this line out";
    return users.map((name) => ({ name, passwordGeneration: noted(note) }));
  }
  const generationOf = isTextMap(generations) ? generations : {};
  return Array.isArray(users)
    ? users.map((name) =>
        Object.hasOwn(generationOf, name) ? { name, passwordGeneration: generationOf[name] } : { name },
      )
    : users;
}

/** Whether it was left out where nothing was generated, so that it did no harm beside a certificate of one's own. */
function isIgnored(key: string, given: (key: string) => unknown): boolean {
  const source = given("certificateSource");
  const deciding = [source, given("keepGeneratedAuthority"), given("requireClientCertificates")];
  // What is encrypted cannot be known here: the program refuses what is too much.
  if (deciding.some((value) => value instanceof Scalar)) return false;
  const isGenerated =
    source === undefined ? given("ownCertificatePem") === undefined : source === "generated";
  const hasAuthority =
    given("keepGeneratedAuthority") === true ||
    given("requireClientCertificates") === true ||
    (isGenerated && given("ownAuthorityPem") === undefined);
  const isOfAuthority = key === "caGeneration" || key === "caRetiredGeneration";
  return (isOfAuthority && !hasAuthority) || (key === "certificate" && !isGenerated && !hasAuthority);
}

/** The program gets text from the engine, and JSON for what is no text; in a file it may be either. */
function typed(value: unknown, kind?: Kind): unknown {
  if (typeof value !== "string") {
    return kind === "text" && (typeof value === "number" || typeof value === "boolean")
      ? String(value)
      : value;
  }
  try {
    return kind === "text" ? value : JSON.parse(value);
  } catch {
    return value;
  }
}

function kindAt(path: readonly string[]): Kind | undefined {
  const start: Kind | undefined = settingsKind;
  return path.reduce<Kind | undefined>(
    (kind, key) => (typeof kind === "object" && "keys" in kind ? kind.keys[key] : undefined),
    start,
  );
}

/** The engine takes a key without a value for an empty text. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && !(value instanceof Scalar) && Object.keys(value).length === 0)
  );
}
