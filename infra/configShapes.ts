import type { PrivateRegistryArgs } from "../components";
import { isTextMap, quoted, unknownKeyProblems } from "../components/validation/values";

/** What a value of the config must be; YAML tells text, numbers and truth values apart by their looks. */
export type Kind =
  | "text"
  | "number"
  | "boolean"
  | "texts"
  | "numbers"
  | { readonly every: Kind }
  | { readonly keys: { readonly [key: string]: Kind } };

type KindOf<Value> = Value extends string
  ? "text"
  : Value extends number
    ? "number"
    : Value extends boolean
      ? "boolean"
      : Value extends readonly string[]
        ? "texts"
        : Value extends readonly number[]
          ? "numbers"
          : string extends keyof Value
            ? { readonly every: KindOf<Value[keyof Value]> }
            : { readonly keys: Shape<Value> };

/** A kind for every key of an interface: the compiler refuses a table that lacks one or has one too many. */
type Shape<Args> = { readonly [Key in keyof Args]-?: KindOf<NonNullable<Args[Key]>> };

const limits = { keys: { memoryMib: "number", cpus: "number", openFiles: "number" } } as const;

/** The lists and maps of the config that become arguments as they are. */
export const argumentKinds = {
  hostnames: "texts",
  extraSans: "texts",
  external: {
    keys: {
      trustedAddresses: "texts",
      publicPort: "number",
      encrypted: "boolean",
      caCertificatePem: "text",
    },
  },
  certificate: {
    keys: {
      validityDays: "number",
      renewalDays: "number",
      caValidityDays: "number",
      keyAlgorithm: "text",
      organization: "text",
      organizationalUnit: "text",
      country: "text",
      province: "text",
      locality: "text",
    },
  },
  acme: {
    keys: {
      email: "text",
      directoryUrl: "text",
      challengePort: "number",
      directoryCaPem: "text",
      rootCaPem: "text",
      renewalDays: "number",
      image: "text",
    },
  },
  storage: { keys: { volumeName: "text", hostPath: "text", takeOwnership: "boolean" } },
  registry: {
    keys: {
      dialect: "text",
      deleteEnabled: "boolean",
      readOnly: "boolean",
      cache: "text",
      healthIntervalSeconds: "number",
      healthThreshold: "number",
      logLevel: "text",
      logFormat: "text",
      logFields: { every: "text" },
      accessLog: "boolean",
      headers: { every: "texts" },
      uploadPurging: "boolean",
      uploadPurgeAgeHours: "number",
      uploadPurgeIntervalHours: "number",
      drainSeconds: "number",
      tagLookupConcurrency: "number",
      schema1: "boolean",
    },
  },
  limits: {
    keys: {
      allowedAddresses: "texts",
      requestsPerSecond: "number",
      requestBurst: "number",
      connectionsPerAddress: "number",
      loginsPerSecond: "number",
      loginBurst: "number",
    },
  },
  waf: {
    keys: {
      paranoiaLevel: "number",
      anomalyThreshold: "number",
      detectionOnly: "boolean",
      excludedRules: "numbers",
      bodyLimit: "number",
    },
  },
  logRotation: { keys: { maxSize: "text", maxFiles: "number" } },
  registryResources: limits,
  proxyResources: limits,
  labels: { every: "text" },
} as const satisfies Shape<
  Pick<
    PrivateRegistryArgs,
    | "hostnames"
    | "external"
    | "extraSans"
    | "certificate"
    | "acme"
    | "storage"
    | "registry"
    | "limits"
    | "waf"
    | "logRotation"
    | "registryResources"
    | "proxyResources"
    | "labels"
  >
>;

/** Problems of a value whose type nothing has checked, and of everything in it. An absent one is fine. */
export function kindProblems(argument: string, value: unknown, kind: Kind): string[] {
  if (value === undefined) {
    return [];
  }
  if (kind === "texts" || kind === "numbers") {
    const itsKind = kind === "texts" ? "text" : "number";
    return Array.isArray(value)
      ? value.flatMap((item, index) => kindProblems(`${argument}[${index}]`, item, itsKind))
      : [`${argument}: ${described(value)}; write a list`];
  }
  if (typeof kind === "string") {
    return scalarProblems(argument, value, kind);
  }
  if (!isTextMap(value)) {
    return [`${argument}: ${described(value)}; write a map`];
  }
  if ("every" in kind) {
    return Object.entries(value).flatMap(([key, item]) =>
      kindProblems(`${argument}.${key}`, item, kind.every),
    );
  }
  return [
    ...unknownKeyProblems(argument, value, Object.keys(kind.keys)),
    ...Object.entries(kind.keys).flatMap(([key, itsKind]) =>
      Object.hasOwn(value, key) ? kindProblems(`${argument}.${key}`, value[key], itsKind) : [],
    ),
  ];
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
