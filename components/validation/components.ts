import type { AcmeCertificateArgs } from "../acmeCertificate";
import type { DirectAccessArgs } from "../args";
import { Front } from "../enums";
import { clientPort, servesCertificate } from "../fronts";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import type { RegistryProxyArgs } from "../registryProxy";
import type { RegistryServerArgs } from "../registryServer";
import { acmeNameProblems, acmeProblems } from "./acme";
import { certificateSettingsProblems, certificateSourceProblems, generationProblems } from "./certificates";
import { clientCaProblems, listenerProblems } from "./external";
import { frontProblems } from "./fronts";
import {
  bindAddressProblems,
  clientAddressProblems,
  hostnameProblems,
  imageHostProblems,
  portProblems,
} from "./hostnames";
import { limitProblems } from "./limits";
import { registryOptionProblems, registryOverrideProblems } from "./registryOptions";
import {
  imageProblems,
  instanceNameProblems,
  labelProblems,
  logRotationProblems,
  proxySnippetProblems,
  realmProblems,
  resourceProblems,
  storageProblems,
  timeZoneProblems,
} from "./settings";
import { clientUserProblems, installScriptUserProblems, userProblems } from "./users";
import { wafProblems } from "./waf";

/** Every problem of a PrivateRegistry's arguments that shows without knowing a secret. */
export function privateRegistryProblems(name: string, args: PrivateRegistryArgs): string[] {
  const users = args.users ?? [{ name: "admin" }];
  const port = args.port ?? 443;
  return [
    ...instanceNameProblems(name),
    ...hostnameProblems("hostnames", args.hostnames),
    ...imageHostProblems("hostnames", args.hostnames, clientPort(args)),
    ...portProblems("port", port),
    ...frontProblems(args),
    ...given(args.extraSans, (sans) =>
      hostnameProblems("extraSans", sans, { wildcards: true, mayBeEmpty: true }),
    ),
    ...given(args.bindAddress, (address) => bindAddressProblems("bindAddress", address)),
    ...given(args.clientAddress, (address) => clientAddressProblems("clientAddress", address)),
    ...userProblems(users),
    ...clientUserProblems(args.clientUser, users),
    ...given(args.installScriptUsers, (chosen) => installScriptUserProblems(chosen, users)),
    ...certificateProblems(args),
    ...given(args.storage, storageProblems),
    ...registryProblems(args.registry, args.registryConfigOverrides, "registry", "registryConfigOverrides"),
    ...given(args.proxySnippet, proxySnippetProblems),
    ...given(args.waf, wafProblems),
    ...given(args.limits, limitProblems),
    ...given(args.realm, realmProblems),
    ...containerProblems(args),
    ...given(args.registryImage, (image) => imageProblems("registryImage", image)),
    ...given(args.proxyImage, (image) => imageProblems("proxyImage", image)),
    ...given(args.registryResources, (limits) => resourceProblems("registryResources", limits)),
    ...given(args.proxyResources, (limits) =>
      resourceProblems("proxyResources", limits, args.front === Front.Waf),
    ),
    ...given(args.labels, labelProblems),
  ];
}

/** Every problem of an AcmeCertificate's arguments. */
export function acmeCertificateProblems(name: string, args: AcmeCertificateArgs): string[] {
  return [
    ...instanceNameProblems(args.instance ?? name),
    ...hostnameProblems("hostnames", args.hostnames),
    ...acmeNameProblems(args, args.directoryUrl),
    ...acmeProblems(args, ""),
    ...given(args.bindAddress, (address) => bindAddressProblems("bindAddress", address)),
    ...given(args.logRotation, logRotationProblems),
    ...given(args.labels, labelProblems),
  ];
}

/** Every problem of a RegistryServer's arguments. */
export function registryServerProblems(name: string, args: RegistryServerArgs): string[] {
  return [
    ...instanceNameProblems(args.instance ?? name),
    ...given(args.direct, directProblems),
    ...given(args.storage, storageProblems),
    ...registryProblems(args.options, args.configOverrides, "options", "configOverrides"),
    ...containerProblems(args),
    ...given(args.resources, (limits) => resourceProblems("resources", limits)),
    ...given(args.labels, labelProblems),
  ];
}

/** Every problem of a Proxy's arguments. */
export function proxyProblems(name: string, args: RegistryProxyArgs): string[] {
  return [
    ...instanceNameProblems(args.instance ?? name),
    ...listenerProblems(args),
    ...given(args.port, (port) => portProblems("port", port)),
    ...given(args.bindAddress, (address) => bindAddressProblems("bindAddress", address)),
    ...given(args.realm, realmProblems),
    ...given(args.waf, wafProblems),
    ...given(args.limits, limitProblems),
    ...given(args.snippet, (snippet) => proxySnippetProblems(snippet, "snippet")),
    ...containerProblems(args),
    ...given(args.resources, (limits) => resourceProblems("resources", limits, args.waf !== undefined)),
    ...given(args.labels, labelProblems),
  ];
}

function directProblems(direct: DirectAccessArgs): string[] {
  const isPair = (direct.certificateChainPem === undefined) === (direct.privateKeyPem === undefined);
  return [
    ...given(direct.port, (port) => portProblems("direct.port", port)),
    ...given(direct.bindAddress, (address) => bindAddressProblems("direct.bindAddress", address)),
    ...given(direct.realm, (realm) => realmProblems(realm, "direct.realm")),
    ...clientCaProblems(direct, "direct.clientCaCertificatesPem"),
    ...(isPair
      ? []
      : [
          "direct.certificateChainPem, direct.privateKeyPem: one is missing; give both, or neither for plain HTTP",
        ]),
  ];
}

function certificateProblems(args: PrivateRegistryArgs): string[] {
  const { caGeneration = 1, caRetiredGeneration = 0 } = args;
  return [
    ...(servesCertificate(args) ? certificateSourceProblems(args) : []),
    ...given(args.certificate, certificateSettingsProblems),
    ...generationProblems("caGeneration", caGeneration, "caRetiredGeneration", caRetiredGeneration),
  ];
}

function registryProblems(
  options: RegistryServerArgs["options"],
  overrides: RegistryServerArgs["configOverrides"],
  optionsName: string,
  overridesName: string,
): string[] {
  return [
    ...given(options, (plain) => registryOptionProblems(plain, optionsName)),
    ...given(overrides, (plain) => registryOverrideProblems(plain, options?.dialect, overridesName)),
  ];
}

/** What registry and proxy have in common. */
function containerProblems(args: Pick<RegistryProxyArgs, "timeZone" | "logRotation">): string[] {
  return [...given(args.timeZone, timeZoneProblems), ...given(args.logRotation, logRotationProblems)];
}

function given<Value>(value: Value | undefined, problems: (value: Value) => string[]): string[] {
  return value === undefined ? [] : problems(value);
}
