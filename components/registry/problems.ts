import { bindAddressProblems, portProblems } from "../base/hostnames";
import { given } from "../base/values";
import {
  instanceNameProblems,
  labelProblems,
  logRotationProblems,
  resourceProblems,
  timeZoneProblems,
} from "../docker/problems";
import { outgoingProblems } from "../outgoing/problems";
import {
  RegistryDialect,
  type RegistryOptionsArgs,
  type RegistryOverrides,
  type RegistryServerArgs,
} from "./args";
import { type ResolvedDirect, type ResolvedRegistryServer, resolvedRegistryOptions } from "./defaults";
import { clientCaProblems, realmProblems } from "./listenerProblems";
import { registryOptionProblems } from "./optionProblems";
import { registryOverrideProblems } from "./overrideProblems";
import { besideBucketProblems } from "./s3Problems";
import { storageProblems } from "./storageProblems";

/** Every problem of a RegistryServer's arguments. */
export function registryServerProblems(args: RegistryServerArgs, settings: ResolvedRegistryServer): string[] {
  return [
    ...instanceNameProblems(settings.instance),
    ...given(settings.direct, directProblems),
    ...storageProblems(settings.storage),
    ...outgoingProblems(settings.outgoing),
    ...registryConfigProblems(args.options, settings.configOverrides, "options", "configOverrides"),
    ...besideBucketProblems(
      {
        storage: args.storage,
        dialect: settings.options.dialect,
        overrides: settings.configOverrides,
        keepDataOnDestroy: args.keepDataOnDestroy,
      },
      "configOverrides",
    ),
    ...timeZoneProblems(settings.timeZone),
    ...logRotationProblems(settings.logRotation),
    ...resourceProblems("resources", settings.resources),
    ...labelProblems(settings.labels),
  ];
}

/** Problems of what config.yml is rendered from. The options as given: some are for one dialect alone. */
export function registryConfigProblems(
  options: RegistryOptionsArgs | undefined,
  overrides: RegistryOverrides,
  optionsName: string,
  overridesName: string,
): string[] {
  const { dialect } = resolvedRegistryOptions(options, overrides);
  return [
    ...given(options, (plain) => registryOptionProblems(plain, optionsName)),
    // What belongs there depends on the dialect.
    ...(Object.values(RegistryDialect).includes(dialect)
      ? registryOverrideProblems(overrides, dialect, overridesName)
      : []),
  ];
}

function directProblems(direct: ResolvedDirect): string[] {
  const isPair = (direct.certificateChainPem === undefined) === (direct.privateKeyPem === undefined);
  return [
    ...portProblems("direct.port", direct.port),
    ...bindAddressProblems("direct.bindAddress", direct.bindAddress),
    ...realmProblems(direct.realm, "direct.realm"),
    ...clientCaProblems(direct, "direct.clientCaCertificatesPem"),
    ...(isPair
      ? []
      : [
          "direct.certificateChainPem, direct.privateKeyPem: one is missing; give both, or neither for plain HTTP",
        ]),
  ];
}
