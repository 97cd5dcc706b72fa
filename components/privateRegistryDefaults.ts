import { everyAddress, httpsPort } from "./base/hostnames";
import { certificateSourceOf, defaultGeneration, defaultRetiredGeneration } from "./certificates/defaults";
import { defaultTimeZone } from "./docker/defaults";
import { imageNames } from "./docker/imageNames";
import { Front } from "./fronts/args";
import { resolvedExternal } from "./fronts/defaults";
import { resolvedKeeper } from "./keeper/defaults";
import { keeperObstacles } from "./keeper/problems";
import type { PrivateRegistryArgs } from "./privateRegistryArgs";
import { pageObstacles } from "./proxy/page/pageProblems";
import { defaultRealm, keepsData } from "./registry/defaults";
import { needsNetwork } from "./registry/registryOverrides";
import { keptOnDisk } from "./registry/storagePlace";
import { defaultUsers } from "./users/defaults";
import { resolvedLog, resolvedMetrics } from "./watch/defaults";

/**
 * The arguments with every default of the whole. What a part is given, such as `registry` or `certificate`, is the
 * part's to fill in: of some of it the whole must know whether it was given.
 */
export function resolvedPrivateRegistry(args: PrivateRegistryArgs) {
  const users = args.users ?? defaultUsers;
  const registryConfigOverrides = args.registryConfigOverrides ?? {};
  return {
    ...args,
    front: args.front ?? Front.Nginx,
    external: args.external && resolvedExternal(args.external),
    port: args.port ?? httpsPort,
    bindAddress: args.bindAddress ?? everyAddress,
    extraSans: args.extraSans ?? [],
    users,
    clientUser: args.clientUser ?? users[0]?.name ?? "",
    installScriptUsers: args.installScriptUsers ?? [],
    certificateSource: certificateSourceOf(args),
    certificate: args.certificate ?? {},
    caGeneration: args.caGeneration ?? defaultGeneration,
    caRetiredGeneration: args.caRetiredGeneration ?? defaultRetiredGeneration,
    keepGeneratedAuthority: args.keepGeneratedAuthority ?? false,
    requireClientCertificates: args.requireClientCertificates ?? false,
    storage: args.storage ?? {},
    keepDataOnDestroy: args.keepDataOnDestroy ?? keepsData,
    registry: args.registry ?? {},
    retention: args.retention ?? [],
    registryConfigOverrides,
    outgoing: args.outgoing ?? {},
    keeper: resolvedKeeper(args.keeper, keeperObstacles(args).length === 0),
    diskGuard: args.diskGuard ?? {},
    quotas: args.quotas ?? [],
    waf: args.waf ?? {},
    proxyServesBlobs:
      (args.proxyServesBlobs ?? true) && blobsMayBeServed({ ...args, registryConfigOverrides }),
    page: args.page ?? pageObstacles(args).length === 0,
    limits: args.limits ?? {},
    log: resolvedLog(args.log),
    metrics: args.metrics && resolvedMetrics(args.metrics),
    realm: args.realm ?? defaultRealm,
    logRotation: args.logRotation ?? {},
    timeZone: args.timeZone ?? defaultTimeZone,
    registryImage: args.registryImage ?? imageNames.registry.official,
    keeperImage: args.keeperImage ?? imageNames.keeper.official,
    registryResources: args.registryResources ?? {},
    proxyResources: args.proxyResources ?? {},
    keeperResources: args.keeperResources ?? {},
    labels: args.labels ?? {},
  };
}

export type ResolvedPrivateRegistry = ReturnType<typeof resolvedPrivateRegistry>;

/** A mirror's blobs, those of an object store, and answers with headers of your own are the registry's alone. */
function blobsMayBeServed({ registry, registryConfigOverrides, storage }: PrivateRegistryArgs): boolean {
  return (
    registry?.headers === undefined &&
    registryConfigOverrides?.http === undefined &&
    keptOnDisk(storage, registryConfigOverrides) &&
    !needsNetwork(registryConfigOverrides)
  );
}
