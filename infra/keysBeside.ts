import type { PrivateRegistryArgs, UserArgs } from "../components";
import { shellWord } from "../components/base/shellScript";
import { quoted, quotedList } from "../components/base/values";

/** The keys beside `settings` that hold the secret of an argument. */
export const ownKeys = {
  ownAuthority: "ownAuthorityPrivateKeyPem",
  ownCertificate: "ownPrivateKeyPem",
  acme: "acmeEabHmacKey",
} as const;

/** The keys beside `settings` that hold the secrets of its backups, by what they belong to. */
export const backupKeys = {
  backup: "backupPassword",
  "backup.s3": "backupSecretKey",
  "backup.sftp": "backupSshPrivateKey",
} as const;

/** The keys beside `settings` that hold the secrets of its storage. */
export const storageKeys = { "storage.s3": "storageSecretKey", registry: "registryHttpSecret" } as const;

type Owner = keyof typeof ownKeys;
const owners = ["ownAuthority", "ownCertificate", "acme"] as const satisfies readonly Owner[];

/** The key beside `settings` that holds the password of a user. */
export function passwordKey(user: string): string {
  return `password-${user}`;
}

export function isPasswordKey(key: string): boolean {
  return key.startsWith(passwordKey(""));
}

/** The keys beside `settings` but those of passwords. */
export const keysBeside: readonly string[] = [
  "dockerHost",
  ...Object.values(ownKeys),
  ...Object.values(backupKeys),
  ...Object.values(storageKeys),
];

/** Problems of keys beside `settings` that mean nothing. Without users, passwords are left for the next time. */
export function unknownBesideProblems(
  keys: readonly string[],
  users: readonly UserArgs[] | undefined,
  engine: string,
): string[] {
  const passwords = users?.map(({ name }) => passwordKey(name));
  return keys
    .filter((key) => !keysBeside.includes(key) && !(passwords?.includes(key) ?? isPasswordKey(key)))
    .map(
      (key) =>
        `${quoted(key)} is none of ${quotedList(["settings", ...keysBeside])}, nor "password-" and a name in ` +
        `settings.users; take it out with: ${engine} config rm ${shellWord(key)}`,
    );
}

/** What is known of the secrets of a stack file. */
export interface SecretKeys {
  /** Whether a value is in clear in the stack file, at a path such as "settings.users[0].password". */
  readonly isClear: (path: string, value: unknown) => boolean;
  /** Keys beside `settings` that have a value. */
  readonly beside: readonly string[];
  /** The engine as a user types it. */
  readonly engine: string;
}

/** Problems of secrets that are not encrypted, that are given twice, or that belong to nothing. */
export function secretProblems(
  settings: Pick<PrivateRegistryArgs, Owner | "backup" | "storage" | "registry" | "outgoing">,
  users: readonly UserArgs[],
  { isClear, beside, engine }: SecretKeys,
): string[] {
  const within = [
    ...users.map(({ name, password }, index) => ({
      argument: `settings.users[${index}].password`,
      key: passwordKey(name),
      value: password,
      source: "",
    })),
    ...(["ownAuthority", "ownCertificate"] as const).map((owner) => ({
      argument: `settings.${owner}.privateKeyPem`,
      key: ownKeys[owner],
      value: settings[owner]?.privateKeyPem,
      source: " < FILE",
    })),
    {
      argument: "settings.acme.eabHmacKey",
      key: ownKeys.acme,
      value: settings.acme?.eabHmacKey,
      source: "",
    },
    ...backupSecrets(settings),
    ...storageSecrets(settings),
  ].filter(({ value }) => value !== undefined);
  return [
    ...within.flatMap(({ argument, key, source, value }) =>
      beside.includes(key)
        ? [`${argument}: is given as ${key} too; take one of them out`]
        : isClear(argument, value)
          ? [
              `${argument}: is not encrypted; take it out, and set it with: ` +
                `${engine} config set --secret ${shellWord(key)}${source}`,
            ]
          : [],
    ),
    ...proxyProblems(settings, isClear, engine),
    ...owners
      .filter((owner) => beside.includes(ownKeys[owner]) && settings[owner] === undefined)
      .map((owner) => withoutOwner(ownKeys[owner], owner)),
    ...[...backupSecrets(settings), ...storageSecrets(settings)]
      .filter(({ key, owner }) => beside.includes(key) && owner === undefined)
      .map(({ key, argument }) => withoutOwner(key, argument.replace(/^settings\.|\.[^.]*$/g, ""))),
  ];
}

/** A proxy has no key beside, as most have no password. */
function proxyProblems(
  { outgoing }: Pick<PrivateRegistryArgs, "outgoing">,
  isClear: SecretKeys["isClear"],
  engine: string,
): string[] {
  const argument = "settings.outgoing.proxy";
  const proxy: unknown = outgoing?.proxy;
  return typeof proxy === "string" && /:\/\/[^/@]*:[^/]*@/.test(proxy) && isClear(argument, proxy)
    ? [
        `${argument}: has a password and is not encrypted; set it with: ${engine} config set --path --secret ${argument} URL`,
      ]
    : [];
}

function withoutOwner(key: string, owner: string): string {
  return `${key}: is given without settings.${owner}; set that too, or remove this`;
}

/** The secrets of backups, each with what it belongs to. */
function backupSecrets({ backup }: Pick<PrivateRegistryArgs, "backup">) {
  return [
    {
      argument: "settings.backup.password",
      key: backupKeys.backup,
      value: backup?.password,
      owner: backup,
      source: "",
    },
    {
      argument: "settings.backup.s3.secretKey",
      key: backupKeys["backup.s3"],
      value: backup?.s3?.secretKey,
      owner: backup?.s3,
      source: "",
    },
    {
      argument: "settings.backup.sftp.privateKey",
      key: backupKeys["backup.sftp"],
      value: backup?.sftp?.privateKey,
      owner: backup?.sftp,
      source: " < FILE",
    },
  ];
}

/** The secrets of the storage; a registry there always is. */
function storageSecrets({ storage, registry }: Pick<PrivateRegistryArgs, "storage" | "registry">) {
  return [
    {
      argument: "settings.storage.s3.secretKey",
      key: storageKeys["storage.s3"],
      value: storage?.s3?.secretKey,
      owner: storage?.s3,
      source: "",
    },
    {
      argument: "settings.registry.httpSecret",
      key: storageKeys.registry,
      value: registry?.httpSecret,
      owner: {},
      source: "",
    },
  ];
}
