import { everyAddress, httpsPort } from "../base/hostnames";
import { defaultTimeZone, resolvedLogRotation, resolvedResources } from "../docker/defaults";
import { proxyImageFor } from "../docker/imageNames";
import { defaultRealm } from "../registry/defaults";
import { resolvedLog, resolvedMetrics } from "../watch/defaults";
import type { BlobCacheArgs, RegistryProxyArgs, RequestLimitArgs } from "./args";
import { resolvedWaf } from "./waf/defaults";

/** Seconds' worth of requests, and of logins, that may wait. */
const [secondsOfRequests, secondsOfLogins] = [5, 10];

/** The limits of one client with every default. */
export function resolvedRequestLimits(args: RequestLimitArgs = {}) {
  const { requestsPerSecond = 0, loginsPerSecond = 5 } = args;
  return {
    ...args,
    requestBurst: args.requestBurst ?? secondsOfRequests * requestsPerSecond,
    loginsPerSecond,
    loginBurst: args.loginBurst ?? secondsOfLogins * loginsPerSecond,
  };
}

export type ResolvedRequestLimits = ReturnType<typeof resolvedRequestLimits>;

/** What the proxy keeps of blobs with every default; none of nothing. */
export function resolvedBlobCache({ sizeGib = 10 }: BlobCacheArgs = {}) {
  return sizeGib === 0 ? undefined : { sizeGib };
}

/** The arguments of a RegistryProxy with every default. */
export function resolvedProxy(name: string, args: RegistryProxyArgs) {
  return {
    ...args,
    instance: args.instance ?? name,
    port: args.port ?? httpsPort,
    bindAddress: args.bindAddress ?? everyAddress,
    users: args.users ?? [],
    realm: args.realm ?? defaultRealm,
    waf: args.waf && resolvedWaf(args.waf),
    page: args.page ?? true,
    blobCache: args.blobCache && resolvedBlobCache(args.blobCache),
    limits: resolvedRequestLimits(args.limits),
    diskGuard: args.diskGuard ?? false,
    quotas: args.quotas ?? [],
    objectStore: args.objectStore ?? false,
    log: resolvedLog(args.log),
    metrics: args.metrics && resolvedMetrics(args.metrics),
    image: args.image ?? proxyImageFor(args.waf),
    timeZone: args.timeZone ?? defaultTimeZone,
    logRotation: resolvedLogRotation(args.logRotation),
    resources: resolvedResources(args.resources),
    labels: args.labels ?? {},
  };
}

export type ResolvedProxy = ReturnType<typeof resolvedProxy>;
