import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { contentHash } from "../base/contentHash";
import { randomSecret } from "../base/randomSecret";
import type { ClientCertificates } from "../certificates/clientCertificates";
import type { ServedCertificate } from "../certificates/servedCertificate";
import { registryAddress } from "../clients/address";
import { blobCachePath, socketPath } from "../docker/paths";
import { encoded, type Generation } from "../docker/uploads";
import { clientPorts } from "../proxy/clientPorts";
import { usersFile } from "../proxy/credentialVerifier";
import { resolvedRequestLimits } from "../proxy/defaults";
import { decoyUser } from "../proxy/nginx/login";
import { healthPort } from "../proxy/proxyContainers";
import { hasRules, proxyGeneration } from "../proxy/proxyFiles";
import { resolvedWaf } from "../proxy/waf/defaults";
import { registryGeneration } from "../registry/registryFiles";
import type { Credentials } from "../users/credentials";
import { type ResolvedRegistryCluster, registryOf } from "./defaults";
import { type SwarmFiles, swarmFiles } from "./swarmFiles";

/** The two registries of a node, of which one always answers. */
export const registries = ["a", "b"] as const;

/** Where each of them listens. */
export const registrySocketOf = (registry: string) => `${socketPath}/${registry}.sock`;

/** Who may connect, and what is shown to them. */
export interface ClusterAccess {
  readonly credentials: Credentials;
  readonly certificate: ServedCertificate;
  /** Absent if a client needs no certificate. */
  readonly clients?: ClientCertificates;
}

/** The files of each server. */
export interface ClusterFiles {
  readonly registry: SwarmFiles;
  readonly verifier: SwarmFiles;
  readonly proxy: SwarmFiles;
}

/** Renders the files of a cluster: what a registry on one host reads, but for the sockets of its registries. */
export function clusterFiles(
  name: string,
  settings: ResolvedRegistryCluster,
  access: ClusterAccess,
  opts: pulumi.CustomResourceOptions,
): ClusterFiles {
  const { httpSecret } = settings.registry;
  const secret = pulumi.secret(httpSecret ?? randomSecret(`${name}-http-secret`, opts));
  const decoy = new random.RandomPassword(`${name}-decoy`, { length: 43, special: false }, opts);
  const tokenKey = hasRules(settings) ? randomSecret(`${name}-token-key`, opts) : undefined;
  const users = pulumi
    .all([access.credentials.htpasswd, decoy.bcryptHash])
    .apply(([htpasswd, hash]) => `${htpasswd.trimEnd()}\n${decoyUser}:${hash}\n`);
  const known = {
    certificateChain: access.certificate.chainPem,
    privateKey: access.certificate.privateKeyPem,
    clientCaCertificates: access.clients?.authorityPem,
    htpasswd: access.credentials.htpasswd,
    decoyHash: decoy.bcryptHash,
    tokenKey,
  };
  return {
    registry: swarmFiles(name, registryGeneration(registryOf(name, settings), pulumi.output(secret))),
    verifier: swarmFiles(name, users.apply(verifierGeneration)),
    proxy: swarmFiles(
      name,
      pulumi.output(known).apply((all) => proxyGeneration({ ...proxySettings(settings), ...all })),
    ),
  };
}

function verifierGeneration(htpasswd: string): Generation {
  const files = { [usersFile]: encoded(htpasswd) };
  return { name: contentHash(files), files };
}

/** What the proxy's files are rendered from, but for what is known later. */
function proxySettings(settings: ResolvedRegistryCluster) {
  const { access, immutableTags, hostnames, port, blobCache, users } = settings;
  return {
    realm: settings.realm,
    waf: settings.hasFirewall ? resolvedWaf(settings.waf) : undefined,
    snippet: settings.proxySnippet,
    limits: resolvedRequestLimits(settings.limits),
    trustedAddresses: undefined,
    timeZone: settings.timeZone,
    diskGuard: false,
    quotas: [],
    access,
    immutableTags,
    users,
    names: hostnames.map((each) => registryAddress(each, port)),
    log: settings.log,
    metrics: settings.metrics,
    page: settings.page,
    port: clientPorts.tls,
    healthPort,
    registrySockets: registries.map(registrySocketOf),
    objectStore: true,
    blobCache: blobCache && { folder: blobCachePath, sizeGib: blobCache.sizeGib },
  };
}
