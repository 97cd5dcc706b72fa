import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  type AcmeArgs,
  type BackupArgs,
  Front,
  type PrivateRegistryArgs,
  type RegistryOptionsArgs,
  type StorageArgs,
  type UserArgs,
} from "../components";
import { imageFromEnvironment, noImage } from "../components/docker/imageNames";
import { frontKind } from "../components/fronts/fronts";
import { defaultUsers } from "../components/users/defaults";
import { hasInClear } from "./clearText";
import { settingsKind } from "./configShapes";
import {
  backupKeys,
  isPasswordKey,
  ownKeys,
  passwordKey,
  type SecretKeys,
  secretProblems,
  storageKeys,
  unknownBesideProblems,
} from "./keysBeside";
import { kindProblems } from "./kinds";
import { conversion } from "./oldConfig";
import { engineFor } from "./stackOption";

const config = new pulumi.Config();

/**
 * The arguments of this stack's registry: the object `settings` of its config, and the secrets that stand beside it.
 *
 * @throws RunError with the lines that replace keys of older versions; or that lists every unknown key, most often a
 * misspelt one, every value of a wrong type, and every secret that is not encrypted.
 */
export function registryArgs(): PrivateRegistryArgs {
  refuseOldKeys();
  const settings = checkedSettings();
  const { ownAuthority, ownCertificate, acme } = settings;
  return {
    ...settings,
    users: usersOf(settings).map(withDay).map(withPassword),
    ...(ownAuthority && { ownAuthority: withKey(ownAuthority, ownKeys.ownAuthority) }),
    ...(ownCertificate && { ownCertificate: withKey(ownCertificate, ownKeys.ownCertificate) }),
    ...(acme && { acme: withHmacKey(withImage(acme)) }),
    ...(settings.backup && { backup: withBackupSecrets(settings.backup) }),
    ...(settings.storage && { storage: withSecretKey(settings.storage) }),
    registry: withHttpSecret(settings.registry),
    registryImage: settings.registryImage ?? imageFromEnvironment("registry"),
    proxyImage: settings.proxyImage ?? proxyStandIn(settings.front),
    ...keeperOf(settings),
  };
}

/**
 * A local image that set-up made because the official one cannot be had; if it could make none, no keeper, and nothing
 * that needs one, as set-up has said.
 */
function keeperOf({ keeper, keeperImage }: PrivateRegistryArgs): Partial<PrivateRegistryArgs> {
  const standIn = keeperImage === undefined ? imageFromEnvironment("keeper") : undefined;
  return standIn === noImage
    ? {
        keeper: { ...keeper, enabled: false },
        retention: undefined,
        diskGuard: undefined,
        quotas: undefined,
        backup: undefined,
      }
    : { keeperImage: keeperImage ?? standIn };
}

/** The Docker host to use, or undefined for DOCKER_HOST or this machine. */
export function dockerHost(): string | undefined {
  // Pulumi.yaml cannot declare a key without a default: an empty text stands for no value.
  return config.get("dockerHost") || undefined;
}

function usersOf({ users }: PrivateRegistryArgs): readonly UserArgs[] {
  return users ?? defaultUsers;
}

/** YAML has a type for days, and the engine writes one without quotes as a time of day. */
function withDay(user: UserArgs): UserArgs {
  const { expires } = user;
  return expires === undefined ? user : { ...user, expires: expires.replace(/ 00:00:00 \+0000 UTC$/, "") };
}

/** An empty password is refused later, as it comes from a shell variable that was not set. */
function withPassword(user: UserArgs): UserArgs {
  const password = config.getSecret(passwordKey(user.name)) ?? user.password;
  return password === undefined ? user : { ...user, password: pulumi.secret(password) };
}

function withKey<Owner extends { readonly privateKeyPem: pulumi.Input<string> }>(owner: Owner, key: string) {
  const beside = values()[key] ? config.getSecret(key) : undefined;
  return { ...owner, privateKeyPem: pulumi.secret(beside ?? owner.privateKeyPem ?? "") };
}

/** An own image wins over a stand-in, and a key beside over none. */
function withBackupSecrets(backup: BackupArgs): BackupArgs {
  const { sftp, s3 } = backup;
  const image = backup.image ?? imageFromEnvironment("backup");
  const password = secretBeside(backupKeys.backup, backup.password);
  const privateKey = secretBeside(backupKeys["backup.sftp"], sftp?.privateKey);
  const secretKey = secretBeside(backupKeys["backup.s3"], s3?.secretKey);
  return {
    ...backup,
    ...(image !== undefined && { image }),
    ...(password && { password }),
    ...(sftp && { sftp: { ...sftp, ...(privateKey && { privateKey }) } }),
    ...(s3 && { s3: { ...s3, ...(secretKey && { secretKey }) } }),
  };
}

function withSecretKey(storage: StorageArgs): StorageArgs {
  const { s3 } = storage;
  const secretKey = secretBeside(storageKeys["storage.s3"], s3?.secretKey);
  return { ...storage, ...(s3 && { s3: { ...s3, ...(secretKey && { secretKey }) } }) };
}

function withHttpSecret(registry: RegistryOptionsArgs | undefined): RegistryOptionsArgs | undefined {
  const httpSecret = secretBeside(storageKeys.registry, registry?.httpSecret);
  return httpSecret === undefined ? registry : { ...registry, httpSecret };
}

function secretBeside(
  key: string,
  given: pulumi.Input<string> | undefined,
): pulumi.Output<string> | undefined {
  const value = (values()[key] ? config.getSecret(key) : undefined) ?? given;
  return value === undefined ? undefined : pulumi.secret(value);
}

function withHmacKey(acme: AcmeArgs): AcmeArgs {
  const beside = values()[ownKeys.acme] ? config.getSecret(ownKeys.acme) : undefined;
  const key = beside ?? acme.eabHmacKey;
  return key === undefined ? acme : { ...acme, eabHmacKey: pulumi.secret(key) };
}

function withImage(acme: AcmeArgs): AcmeArgs {
  return { ...acme, image: acme.image ?? imageFromEnvironment("acme") };
}

/** A local image that set-up made because the one of this front cannot be had. */
function proxyStandIn(front: Front = Front.Nginx): string | undefined {
  const { proxy } = frontKind(front);
  return proxy && imageFromEnvironment(proxy.image);
}

/** What the config holds, by its keys without the project: text, and JSON for what is no text. */
function values(): { readonly [key: string]: string } {
  const prefix = `${config.name}:`;
  const ours = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Whether a value, or anything in it, is encrypted in the stack file. What the engine says of it has no other door. */
function isEncrypted(key: string): boolean {
  const keys: unknown = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]");
  return Array.isArray(keys) && keys.includes(`${config.name}:${key}`);
}

function refuseOldKeys(): void {
  const text = conversion(values(), { project: config.name, stack: pulumi.getStack(), isEncrypted });
  if (text !== undefined) {
    throw new pulumi.RunError(text);
  }
}

/** The config is untyped: looks at all of it before anything reads it. */
function checkedSettings(): PrivateRegistryArgs {
  const { settings: text = "{}", ...beside } = values();
  const settings = parsed(text);
  const besideKeys = Object.keys(beside);
  if (!isSettings(settings)) {
    throw unusable([
      ...kindProblems("settings", settings, settingsKind),
      ...unknownBesideProblems(besideKeys, undefined, engine()),
    ]);
  }
  const users = usersOf(settings);
  const problems = [
    ...unknownBesideProblems(besideKeys, users, engine()),
    ...secretProblems(settings, users, secretKeys(beside)),
  ];
  if (problems.length > 0) {
    throw unusable(problems);
  }
  return settings;
}

function unusable(problems: readonly string[]): pulumi.RunError {
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  return new pulumi.RunError(`the config of stack ${pulumi.getStack()} cannot be used:\n${list}`);
}

/** The engine writes a map as JSON. Not by `getObject`: it warns of a map that holds a secret, and fails for text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isSettings(value: unknown): value is PrivateRegistryArgs {
  return kindProblems("settings", value, settingsKind).length === 0;
}

function secretKeys(beside: { readonly [key: string]: string }): SecretKeys {
  const keys = Object.keys(beside).filter((key) => beside[key] !== "" || isPasswordKey(key));
  const file = join(__dirname, "..", `Pulumi.${pulumi.getStack()}.yaml`);
  const isClear = (path: string, value: unknown) =>
    !isEncrypted("settings") || hasInClear(file, config.name, path, value);
  return { isClear, beside: keys, engine: engine() };
}

function engine(): string {
  return engineFor(pulumi.getStack());
}
