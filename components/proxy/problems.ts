import { accessProblems, immutableTagProblems } from "../access/problems";
import { bindAddressProblems, portProblems } from "../base/hostnames";
import { trustedAddressProblems } from "../base/networks";
import { given } from "../base/values";
import {
  instanceNameProblems,
  LEAST_FIREWALL_MEMORY_MIB,
  labelProblems,
  logRotationProblems,
  resourceProblems,
  timeZoneProblems,
} from "../docker/problems";
import { quotaProblems } from "../keeper/guardProblems";
import { clientCaProblems, realmProblems } from "../registry/listenerProblems";
import { logProblems, metricsProblems } from "../watch/problems";
import type { RegistryProxyArgs } from "./args";
import { cacheSizeProblems } from "./blobCacheProblems";
import type { ResolvedProxy } from "./defaults";
import { limitProblems } from "./limitProblems";
import { pageProblems } from "./page/pageProblems";
import { wafProblems } from "./waf/problems";

/** Every problem of a RegistryProxy's arguments. */
export function registryProxyProblems(args: RegistryProxyArgs, settings: ResolvedProxy): string[] {
  return [
    ...instanceNameProblems(settings.instance),
    ...listenerProblems(settings),
    ...portProblems("port", settings.port),
    ...bindAddressProblems("bindAddress", settings.bindAddress),
    ...realmProblems(settings.realm),
    ...given(settings.waf, wafProblems),
    ...accessProblems(settings.access, settings.users, args.metrics?.users),
    ...given(settings.immutableTags, immutableTagProblems),
    // As given: what may wait follows from the rates.
    ...given(args.limits, limitProblems),
    ...given(args.log, (log) => logProblems(log, args.controlVolumeName !== undefined)),
    ...given(args.metrics, (metrics) => metricsProblems(metrics)),
    ...given(settings.snippet, (snippet) => proxySnippetProblems(snippet, "snippet")),
    ...keptBlobProblems(args),
    ...pageProblems(args.page, { proxySnippet: settings.snippet }),
    ...refusalProblems(settings),
    ...timeZoneProblems(settings.timeZone),
    ...logRotationProblems(settings.logRotation),
    ...resourceProblems("resources", settings.resources, settings.waf && LEAST_FIREWALL_MEMORY_MIB),
    ...labelProblems(settings.labels),
  ];
}

/** Problems of what the proxy keeps of blobs, and of what it serves from a disk. */
function keptBlobProblems({ blobCache, dataVolumeName, dataHostPath }: RegistryProxyArgs): string[] {
  if (blobCache === undefined) return [];
  return [
    ...cacheSizeProblems(blobCache),
    ...((dataVolumeName ?? dataHostPath) === undefined
      ? []
      : ["blobCache: the proxy serves blobs from the registry's disk already; leave it out"]),
  ];
}

/** Problems of what a keeper says, where there is none. */
function refusalProblems({ controlVolumeName, diskGuard, quotas }: ResolvedProxy): string[] {
  return [
    ...quotaProblems(quotas),
    ...(controlVolumeName === undefined && (diskGuard || quotas.length > 0)
      ? ["diskGuard, quotas: are for a keeper, and controlVolumeName is missing; give it, or leave them out"]
      : []),
  ];
}

/** Problems of what a proxy serves with, and whom it believes. */
export function listenerProblems(args: RegistryProxyArgs): string[] {
  const { certificateChainPem, privateKeyPem, certificateVolumeName, trustedAddresses } = args;
  return [
    ...(trustedAddresses === undefined ? [] : trustedAddressProblems("trustedAddresses", trustedAddresses)),
    ...((certificateChainPem === undefined) === (privateKeyPem === undefined)
      ? []
      : ["certificateChainPem, privateKeyPem: one is given without the other; give both, or none"]),
    ...(certificateVolumeName !== undefined && certificateChainPem !== undefined
      ? ["certificateVolumeName: is given together with certificateChainPem; leave one of them out"]
      : []),
    ...((certificateChainPem ?? certificateVolumeName ?? trustedAddresses) === undefined
      ? [
          "certificateChainPem: is missing, and plain HTTP is only for a load balancer; give it, or trustedAddresses",
        ]
      : []),
    ...clientCaProblems(args, "clientCaCertificatesPem"),
  ];
}

/** Problems of nginx text of the caller's own. What it means is nginx's to judge, before it is used. */
export function proxySnippetProblems(snippet: string, argument = "proxySnippet"): string[] {
  if (snippet.trim() === "") {
    return [`${argument}: is empty; write nginx directives, or leave it out`];
  }
  return snippet.includes("\0")
    ? [`${argument}: has a NUL character in it, where nginx stops reading; remove it`]
    : [];
}
