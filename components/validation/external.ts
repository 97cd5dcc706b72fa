import type { ExternalFrontArgs } from "../args";
import type { RegistryProxyArgs } from "../registryProxy";
import { portProblems } from "./hostnames";
import { networkProblems } from "./limits";
import { quoted } from "./values";

/** Problems of somebody else's load balancer in front. */
export function externalFrontProblems(external: ExternalFrontArgs, argument = "external"): string[] {
  return [
    ...trustedAddressProblems(`${argument}.trustedAddresses`, external.trustedAddresses),
    ...(external.publicPort === undefined ? [] : portProblems(`${argument}.publicPort`, external.publicPort)),
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
          "certificateChainPem: is missing, and plain HTTP is for a load balancer alone; give it, or trustedAddresses",
        ]
      : []),
    ...clientCaProblems(args, "clientCaCertificatesPem"),
  ];
}

/** Problems of certificates for clients where there is no TLS to ask for them. */
export function clientCaProblems(
  args: Pick<RegistryProxyArgs, "certificateChainPem" | "certificateVolumeName" | "clientCaCertificatesPem">,
  argument: string,
): string[] {
  return args.clientCaCertificatesPem === undefined ||
    (args.certificateChainPem ?? args.certificateVolumeName) !== undefined
    ? []
    : [`${argument}: is for TLS, and there is no certificate; give certificateChainPem, or leave it out`];
}

function trustedAddressProblems(argument: string, networks: readonly string[]): string[] {
  const everybody = networks.findIndex((network) => network.endsWith("/0"));
  return [
    ...networkProblems(argument, networks),
    ...(everybody === -1
      ? []
      : [
          `${argument}[${everybody}]: ${quoted(networks[everybody] ?? "")} is everybody, who could then claim any address; write the addresses of the load balancer`,
        ]),
  ];
}
