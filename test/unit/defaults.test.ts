import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import ts from "typescript";
import { parse } from "yaml";
import { resolvedAccessRule, resolvedAccessUser } from "../../components/access/defaults";
import { resolvedBackup, resolvedRegistryBackup, resolvedSftp } from "../../components/backup/defaults";
import {
  resolvedAcme,
  resolvedAcmeCertificate,
  resolvedAcmeServer,
} from "../../components/certificates/acme/defaults";
import {
  resolvedCertificateAuthority,
  resolvedCertificateSettings,
  resolvedClientCertificates,
  resolvedServerCertificate,
} from "../../components/certificates/defaults";
import { resolvedRegistryCluster } from "../../components/cluster/defaults";
import { resolvedLogRotation, resolvedResources } from "../../components/docker/defaults";
import { resolvedExternal } from "../../components/fronts/defaults";
import { resolvedKeeper, resolvedRegistryKeeper } from "../../components/keeper/defaults";
import { resolvedDiskGuard } from "../../components/keeper/guardDefaults";
import { resolvedRetentionRule } from "../../components/keeper/retentionDefaults";
import { resolvedOutgoing } from "../../components/outgoing/defaults";
import { resolvedPrivateRegistry } from "../../components/privateRegistryDefaults";
import { resolvedBlobCache, resolvedProxy, resolvedRequestLimits } from "../../components/proxy/defaults";
import { resolvedWaf } from "../../components/proxy/waf/defaults";
import {
  resolvedDirect,
  resolvedRegistryOptions,
  resolvedRegistryServer,
  resolvedS3Storage,
  resolvedStorage,
} from "../../components/registry/defaults";
import { resolvedUser } from "../../components/users/defaults";
import { resolvedLog, resolvedMetrics } from "../../components/watch/defaults";

const hostnames = ["registry.example.com"];
const [email, htpasswd, networkName, socketVolumeName] = ["a@example.com", "", "network", "socket"];
const [caCertificatePem, caPrivateKeyPem] = ["CERTIFICATE", "KEY"];

/** What a cluster is told as the registry on one host that each of its nodes is like. */
const ofOneHost = [
  ...["front", "external", "bindAddress", "keepDataOnDestroy", "retention", "keeper", "diskGuard", "quotas"],
  ...["proxyServesBlobs", "keeperImage", "keeperResources"],
  // Whether it was given is known by the second.
  ...["waf", "hasFirewall"],
];
const cluster = resolvedRegistryCluster({ hostnames, nodes: 3, storage: { s3: { bucket: "registry" } } });

/** What becomes of each of the public arguments where only those are given that must be. */
const resolved: { readonly [args: string]: object } = {
  AccessRuleArgs: resolvedAccessRule({ repositories: [], actions: [] }),
  AccessUserArgs: resolvedAccessUser({ name: "alice" }),
  AcmeArgs: resolvedAcme({ email }),
  AcmeCertificateArgs: resolvedAcmeCertificate("name", { email, hostnames }),
  AcmeServerArgs: resolvedAcmeServer({ email }),
  BackupArgs: resolvedBackup({}),
  BackupKeepArgs: {},
  BlobCacheArgs: resolvedBlobCache({}) ?? {},
  CertificateArgs: resolvedCertificateSettings({}),
  CertificateAuthorityArgs: resolvedCertificateAuthority("name", {}),
  ClientCertificatesArgs: resolvedClientCertificates({ users: ["alice"], commonName: "ca" }),
  CredentialsArgs: { users: [] },
  DirectAccessArgs: resolvedDirect({ htpasswd }),
  DiskGuardArgs: resolvedDiskGuard({}),
  ExternalFrontArgs: resolvedExternal({ trustedAddresses: [] }),
  ImmutableTagsArgs: { repositories: [], tags: [] },
  KeeperArgs: resolvedKeeper({}),
  LogRotationArgs: resolvedLogRotation({}),
  OwnAuthorityArgs: { certificatePem: "", privateKeyPem: "" },
  OwnCertificateArgs: { certificatePem: "", privateKeyPem: "" },
  PrivateRegistryArgs: resolvedPrivateRegistry({ hostnames }),
  QuotaArgs: { repositories: [], maxMib: 1 },
  RegistryBackupArgs: resolvedRegistryBackup("name", { settings: {}, controlVolumeName: "control" }),
  RegistryClusterArgs: Object.fromEntries(
    Object.entries(cluster).filter(([name]) => !ofOneHost.includes(name)),
  ),
  RegistryConsumerArgs: { endpoint: "registry.example.com" },
  RegistryKeeperArgs: resolvedRegistryKeeper("name", {}),
  RegistryOptionsArgs: resolvedRegistryOptions({}),
  RegistryProxyArgs: resolvedProxy("name", { htpasswd, networkName, socketVolumeName }),
  RegistryServerArgs: resolvedRegistryServer("name", {}),
  RequestLimitArgs: resolvedRequestLimits({}),
  ResourceArgs: resolvedResources({}),
  OutgoingArgs: resolvedOutgoing(),
  RetentionRuleArgs: resolvedRetentionRule({ repositories: [] }),
  S3StorageArgs: resolvedS3Storage({ bucket: "registry" }),
  S3TargetArgs: { endpoint: "https://s3.example.com", bucket: "registry", accessKey: "key" },
  ServerCertificateArgs: resolvedServerCertificate({ hostnames, caCertificatePem, caPrivateKeyPem }),
  SftpTargetArgs: resolvedSftp({ host: "backup", user: "a", folder: "/a", hostKeys: [] }),
  StorageArgs: resolvedStorage({}),
  LogArgs: resolvedLog(),
  MetricsArgs: resolvedMetrics(),
  UserArgs: resolvedUser({ name: "alice" }),
  WafArgs: resolvedWaf({}),
};

/** An argument as its interface has it. */
interface Argument {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  /** Texts of its tags `@default`. */
  readonly defaults: readonly string[];
}

const folder = join(__dirname, "..", "..", "components");
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(folder, name))
  .map((path) => ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true));
const interfaces = new Map(
  sources.flatMap((source) =>
    source.statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one] as const),
  ),
);

function argumentsOf(name: string): Argument[] {
  const declaration = interfaces.get(name);
  assert.ok(declaration, `${name} is no interface`);
  const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.map((base) => base.getText()),
  );
  return [
    ...bases.flatMap(argumentsOf),
    ...declaration.members.filter(ts.isPropertySignature).map((member) => ({
      name: member.name.getText().replaceAll('"', ""),
      type: member.type?.getText() ?? "",
      isOptional: member.questionToken !== undefined,
      defaults: ts
        .getJSDocTags(member)
        .filter((tag) => tag.tagName.text === "default")
        .map((tag) => (ts.getTextOfJSDocComment(tag.comment) ?? "").trim()),
    })),
  ];
}

/** What a default is compared with: `none`, a value, or words in angle brackets for what is worked out. */
function check(args: string, { name, type, defaults }: Argument): void {
  const [text = "", ...others] = defaults;
  assert.deepEqual(others, [], "has more than one @default");
  assert.notEqual(text, "", "may be left out, and has no @default");
  const value: unknown = Reflect.get(resolved[args] ?? {}, name);
  if (text.startsWith("<")) {
    return;
  }
  if (text === "none") {
    assert.equal(value, undefined);
    return;
  }
  const said: unknown = parse(text);
  // A part that is not given is the part without arguments, or what that becomes.
  const isPart = text === "{}" && type in resolved && JSON.stringify(value) !== "{}";
  assert.deepEqual(value, isPart ? resolved[type] : said);
  if (typeof said === "string") assert.equal(text, JSON.stringify(said), "is a text without quotes");
}

describe("defaults", () => {
  test("are looked at for every public interface of arguments", () => {
    const index = readFileSync(join(folder, "index.ts"), "utf8");
    const names = new Set([...index.matchAll(/\b[A-Z]\w*Args\b/g)].map(([name]) => name));
    assert.deepEqual([...names].sort(), Object.keys(resolved).sort());
  });

  for (const args of Object.keys(resolved)) {
    test(`of ${args} are what their tags say`, () => {
      const known = argumentsOf(args);
      const stray = Object.keys(resolved[args] ?? {}).filter((name) =>
        known.every((one) => one.name !== name),
      );
      assert.deepEqual(stray, [], "are resolved, and are no arguments");
      for (const argument of known) {
        const at = `${args}.${argument.name}`;
        if (argument.isOptional) {
          assert.doesNotThrow(() => check(args, argument), at);
        } else {
          assert.deepEqual(argument.defaults, [], `${at} must be given, and has a @default`);
        }
      }
    });
  }
});
