import { isDeepStrictEqual } from "node:util";
import { Scalar, stringify } from "yaml";
import { isTextMap, type TextMap } from "../components/base/values";
import { settingsKind } from "./configShapes";
import type { Kind } from "./kinds";
import { oldKeys } from "./oldKeys";

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
  const block = stringify(
    { config: { [`${project}:settings`]: newSettings(values, config) } },
    // The engine reads dates, `yes` and 12:30 as the older YAML does.
    { version: "1.1", lineWidth: 0, nullStr: "" },
  );
  return [
    `Pulumi.${stack}.yaml is of an older version: the arguments of the registry are now in one key, settings.`,
    "Take these keys out of it, each with the lines that are indented below it:",
    `  ${names.join("\n  ")}`,
    `In their place, below "config:", put these as they stand, the two spaces at the left included${isEmpty(present) ? "" : ` (only what is below their first line, into the ${project}:settings that is there; of a key that is in both keep one)`}:`,
    "",
    block.replace("config:\n", ""),
    "Left out are comments, and what is the default anyway. All other keys stay as they are, passwords and private keys",
    "among them. Nothing was changed. The new lines mean what the old ones meant; what this version itself replaces is",
    `shown by: npm run pulumi --${stack === "dev" ? "" : ` --stack ${stack}`} preview`,
  ].join("\n");
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
    const note = new Scalar(null);
    note.comment = ` move here what is indented below ${project}:${key}, and indent it below this line`;
    return note;
  }
  const { path = [key], usual } = oldKeys[key] ?? {};
  const value = typed(values[key], kindAt(path));
  return isEmpty(value) || isDeepStrictEqual(value, usual) ? undefined : value;
}

/** Each name became an object, with the generation of its password. */
function newUsers(names: unknown, generations: unknown): unknown {
  if (names instanceof Scalar || (names === undefined && generations === undefined)) {
    return names;
  }
  const generationOf = isTextMap(generations) ? generations : {};
  const users = names ?? oldKeys.users?.usual;
  return Array.isArray(users)
    ? users.map((name) =>
        Object.hasOwn(generationOf, name) ? { name, passwordGeneration: generationOf[name] } : { name },
      )
    : users;
}

/** Whether it was left out where nothing was generated, so that it did no harm beside a certificate of one's own. */
function isIgnored(key: string, given: (key: string) => unknown): boolean {
  const source = given("certificateSource");
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

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    (typeof value === "object" &&
      value !== null &&
      !(value instanceof Scalar) &&
      Object.keys(value).length === 0)
  );
}
