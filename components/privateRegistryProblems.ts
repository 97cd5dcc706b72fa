import { accessProblems, immutableTagProblems } from "./access/problems";
import { backupProblems } from "./backup/problems";
import {
  bindAddressProblems,
  clientAddressProblems,
  hostnameProblems,
  imageHostProblems,
  portProblems,
} from "./base/hostnames";
import { subnetProblems } from "./base/networks";
import { given } from "./base/values";
import { resolvedCertificateSettings } from "./certificates/defaults";
import { certificateSettingsProblems, generationProblems } from "./certificates/settingProblems";
import { certificateSourceProblems } from "./certificates/sourceProblems";
import {
  imageProblems,
  instanceNameProblems,
  LEAST_FIREWALL_MEMORY_MIB,
  LEAST_KEEPER_MEMORY_MIB,
  labelProblems,
  logRotationProblems,
  resourceProblems,
  timeZoneProblems,
} from "./docker/problems";
import { frontKind } from "./fronts/fronts";
import { frontProblems } from "./fronts/problems";
import { diskGuardProblems, quotaProblems } from "./keeper/guardProblems";
import { keeperObstacleProblems, keeperProblems } from "./keeper/problems";
import { retentionProblems } from "./keeper/retentionProblems";
import { outgoingProblems } from "./outgoing/problems";
import type { PrivateRegistryArgs } from "./privateRegistryArgs";
import type { ResolvedPrivateRegistry } from "./privateRegistryDefaults";
import { blobCacheProblems } from "./proxy/blobCacheProblems";
import { limitProblems } from "./proxy/limitProblems";
import { pageProblems } from "./proxy/page/pageProblems";
import { proxySnippetProblems } from "./proxy/problems";
import { wafProblems } from "./proxy/waf/problems";
import { resolvedRegistryOptions } from "./registry/defaults";
import { realmProblems } from "./registry/listenerProblems";
import { registryConfigProblems } from "./registry/problems";
import { besideBucketProblems } from "./registry/s3Problems";
import { keptOnDisk } from "./registry/storagePlace";
import { storageProblems } from "./registry/storageProblems";
import { clientUserProblems, installScriptUserProblems, userProblems } from "./users/problems";
import { logProblems, metricsProblems } from "./watch/problems";

/** Every problem of a PrivateRegistry's arguments that shows without knowing a secret. */
export function privateRegistryProblems(
  name: string,
  args: PrivateRegistryArgs,
  settings: ResolvedPrivateRegistry,
): string[] {
  const { hostnames, port, users } = settings;
  const front = frontKind(settings.front);
  return [
    ...instanceNameProblems(name),
    ...hostnameProblems("hostnames", hostnames),
    ...imageHostProblems("hostnames", hostnames, front.clientPort(settings)),
    ...portProblems("port", port),
    ...frontProblems(settings.front, args),
    ...hostnameProblems("extraSans", settings.extraSans, { wildcards: true, mayBeEmpty: true }),
    ...bindAddressProblems("bindAddress", settings.bindAddress),
    ...given(args.networkSubnets, (subnets) => subnetProblems("networkSubnets", subnets)),
    ...given(args.clientAddress, (address) => clientAddressProblems("clientAddress", address)),
    ...userProblems(users),
    ...accessProblems(args.access, users, args.metrics?.users),
    ...given(args.immutableTags, immutableTagProblems),
    ...clientUserProblems(args.clientUser, users),
    ...installScriptUserProblems(settings.installScriptUsers, users),
    ...(front.servesCertificate(settings) ? certificateSourceProblems(args, settings) : []),
    ...certificateSettingsProblems(resolvedCertificateSettings(settings.certificate)),
    ...generationProblems(
      "caGeneration",
      settings.caGeneration,
      "caRetiredGeneration",
      settings.caRetiredGeneration,
    ),
    ...placeProblems(args, settings),
    ...retentionProblems(settings.retention),
    ...given(args.keeper, keeperProblems),
    ...given(args.diskGuard, diskGuardProblems),
    ...quotaProblems(settings.quotas),
    ...given(args.backup, (backup) => backupProblems(backup, settings.storage.hostPath)),
    ...keeperObstacleProblems(args.keeper, args, args),
    ...given(args.proxySnippet, proxySnippetProblems),
    ...pageProblems(args.page, args),
    ...blobCacheProblems(args.blobCache, args),
    ...(args.blobCache !== undefined && keptOnDisk(args.storage, args.registryConfigOverrides)
      ? ["blobCache: the images are on this disk already; leave it out, or name a bucket in storage.s3"]
      : []),
    ...wafProblems(settings.waf),
    ...limitProblems(settings.limits),
    ...given(args.log, (log) => logProblems(log, settings.keeper.enabled)),
    ...given(args.metrics, (metrics) => metricsProblems(metrics, users, args.access)),
    ...realmProblems(settings.realm),
    ...timeZoneProblems(settings.timeZone),
    ...logRotationProblems(settings.logRotation),
    ...imageProblems("registryImage", settings.registryImage),
    ...given(args.proxyImage, (image) => imageProblems("proxyImage", image)),
    ...imageProblems("keeperImage", settings.keeperImage),
    ...resourceProblems("registryResources", settings.registryResources),
    ...resourceProblems(
      "proxyResources",
      settings.proxyResources,
      front.proxy?.hasFirewall ? LEAST_FIREWALL_MEMORY_MIB : undefined,
    ),
    ...resourceProblems("keeperResources", settings.keeperResources, LEAST_KEEPER_MEMORY_MIB),
    ...labelProblems(settings.labels),
  ];
}

/** Problems of where images are, and of how the registry reaches that. */
function placeProblems(args: PrivateRegistryArgs, settings: ResolvedPrivateRegistry): string[] {
  return [
    ...storageProblems(settings.storage),
    ...registryConfigProblems(
      args.registry,
      settings.registryConfigOverrides,
      "registry",
      "registryConfigOverrides",
    ),
    ...besideBucketProblems(
      {
        storage: args.storage,
        dialect: resolvedRegistryOptions(settings.registry).dialect,
        overrides: settings.registryConfigOverrides,
        keepDataOnDestroy: args.keepDataOnDestroy,
      },
      "registryConfigOverrides",
    ),
    ...outgoingProblems(settings.outgoing),
  ];
}
