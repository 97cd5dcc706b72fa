import { isTextMap, quoted, quotedList, type TextMap } from "../base/values";
import { RegistryDialect } from "./args";
import { STORAGE_SETTINGS, storageDrivers, UNSUPPORTED } from "./registryDialects";

/** Top sections of config.yml in both dialects, without `version` and `auth`, which are ours. */
const SECTIONS = [
  ..."catalog health http log middleware notifications policy proxy redis storage validation".split(" "),
];

/** Top sections that one dialect has and the other has not. */
const SECTIONS_OF_ONE = {
  [RegistryDialect.V2]: ["compatibility", "reporting"],
  [RegistryDialect.V3]: ["tags"],
};

/** Keys that the component sets, because the proxy, the probe or the clients depend on them. */
const OWNED: readonly (readonly [path: string, advice: string])[] = [
  ["version", "leave it out"],
  ["auth", "leave it out; logins are set by users"],
  ["http.addr", "leave it out; the registry listens on a socket for the proxy alone"],
  ["http.net", "leave it out; the registry listens on a socket for the proxy alone"],
  ["http.tls", "leave it out; TLS is set by certificate"],
  ["http.debug", "leave it out; the health check uses it"],
  ["http.prefix", "leave it out; the proxy serves /v2/"],
  ["http.relativeurls", "leave it out; absolute URLs make pushes fail with unknown blob"],
  [
    "http.secret",
    "leave it out; it is generated and kept, and registry.httpSecret gives one to registries that share a bucket",
  ],
  ["storage.filesystem.rootdirectory", "leave it out; the place is set by storage"],
];

/** Keys that must be maps: the registry panics at any other value, or reads it as something else. */
const MAPS = ["storage.maintenance", "storage.maintenance.readonly", "storage.maintenance.uploadpurging"];

/**
 * Problems of what is to be merged into config.yml. Only paths are shown, never values: storage drivers
 * and upstreams have their passwords there.
 */
export function registryOverrideProblems(
  overrides: unknown,
  dialect: RegistryDialect,
  argument = "registryConfigOverrides",
): string[] {
  if (!isTextMap(overrides)) {
    return [
      `${argument}: is not a map; write sections of config.yml, such as { catalog: { maxentries: 500 } }`,
    ];
  }
  const owned = OWNED.filter(([path]) => valueAt(overrides, path) !== undefined).map(
    ([path, advice]) => `${argument}.${path}: is set by the component; ${advice}`,
  );
  return [
    ...owned,
    ...sectionProblems(overrides, dialect, argument),
    ...UNSUPPORTED[dialect]
      .filter((path) => valueAt(overrides, path) !== undefined)
      .map((path) => otherDialectProblem(`${argument}.${path}`, dialect)),
    ...MAPS.filter(
      (path) => valueAt(overrides, path) !== undefined && !isTextMap(valueAt(overrides, path)),
    ).map((path) => `${argument}.${path}: is not a map; write for example ${mapExample(path)}`),
    ...storageSectionProblems(overrides.storage, dialect, `${argument}.storage`),
  ];
}

function sectionProblems(overrides: TextMap, dialect: RegistryDialect, argument: string): string[] {
  const known = [...SECTIONS, ...SECTIONS_OF_ONE[dialect]].sort();
  const ofOther = SECTIONS_OF_ONE[otherThan(dialect)];
  return Object.entries(overrides).flatMap(([section, value]) => {
    if (section === "version" || section === "auth") {
      return [];
    }
    if (ofOther.includes(section)) {
      return [otherDialectProblem(`${argument}.${section}`, dialect)];
    }
    if (!known.includes(section)) {
      return [`${argument}: has no section ${quoted(section)}; write one of ${quotedList(known)}`];
    }
    return isTextMap(value) ? [] : [`${argument}.${section}: is not a map; write the keys of the section`];
  });
}

function storageSectionProblems(storage: unknown, dialect: RegistryDialect, argument: string): string[] {
  if (!isTextMap(storage)) {
    return [];
  }
  const known = storageDrivers(dialect);
  const drivers = Object.keys(storage).filter((key) => !STORAGE_SETTINGS.includes(key));
  const supportedElsewhere = storageDrivers(otherThan(dialect));
  const unknown = drivers.filter((driver) => !known.includes(driver) && !supportedElsewhere.includes(driver));
  return [
    ...unknown.map(
      (key) =>
        `${argument}: has no key ${quoted(key)}; write one of ${quotedList([...STORAGE_SETTINGS, ...known])}`,
    ),
    ...(drivers.length - unknown.length > 1
      ? [`${argument}: has more than one storage driver (${quotedList(drivers)}); write one of them`]
      : []),
  ];
}

function otherDialectProblem(path: string, dialect: RegistryDialect): string {
  const [has, number] = dialect === RegistryDialect.V2 ? ["v3", "3"] : ["v2", "2"];
  return `${path}: is a setting of registry ${number} and dialect is "${dialect}"; leave it out, or write "${has}" in dialect`;
}

function otherThan(dialect: RegistryDialect): RegistryDialect {
  return dialect === RegistryDialect.V2 ? RegistryDialect.V3 : RegistryDialect.V2;
}

function mapExample(path: string): string {
  return path.endsWith(".maintenance") ? "{ readonly: { enabled: true } }" : "{ enabled: true }";
}

function valueAt(tree: TextMap, path: string): unknown {
  return path.split(".").reduce<unknown>((node, key) => (isTextMap(node) ? node[key] : undefined), tree);
}
