import { httpsPort, portProblems } from "../base/hostnames";
import { trustedAddressProblems } from "../base/networks";
import { given, quoted } from "../base/values";
import { CertificateSource } from "../certificates/args";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import type { ExternalFrontArgs } from "./args";
import { resolvedExternal } from "./defaults";
import { type FrontKind, givenOf, ofProxy, ofTls } from "./frontKind";

/** Those arguments of TLS that are about clients, who reach this front by TLS in any case. */
const ofClients: readonly string[] = ["extraCaCertificatesPem", "requireClientCertificates"];

/** nginx behind somebody else's load balancer, which clients reach by TLS, and whose certificate they see. */
export const external: FrontKind = {
  hasTls: true,
  proxy: { image: "proxy", hasFirewall: false },
  accepts: [...ofProxy, ...ofTls, "external"],
  servesCertificate: ({ external }) => external?.encrypted !== false,
  clientPort: ({ external }) => external?.publicPort ?? httpsPort,
  trustedPems: ({ external, extraCaCertificatesPem }) => [
    external?.caCertificatePem ?? "",
    extraCaCertificatesPem ?? "",
  ],
  problems: (args) => {
    const { external, requireClientCertificates } = args;
    return external === undefined
      ? [
          'external: is missing; front "external" needs the addresses of your load balancer: trustedAddresses: ["192.0.2.7"]',
        ]
      : [
          ...externalFrontProblems(external),
          ...(requireClientCertificates
            ? [
                'requireClientCertificates: is for a front that clients reach by TLS themselves, and front is "external"; leave it out',
              ]
            : []),
          ...(resolvedExternal(external).encrypted ? [] : unencryptedProblems(args)),
        ];
  },
};

/** Problems of what must be known of it. */
export function externalFrontProblems(external: ExternalFrontArgs, argument = "external"): string[] {
  return [
    ...trustedAddressProblems(`${argument}.trustedAddresses`, external.trustedAddresses),
    ...given(external.dockerNetwork, (name) => dockerNetworkProblems(`${argument}.dockerNetwork`, name)),
    ...portProblems(`${argument}.publicPort`, resolvedExternal(external).publicPort),
  ];
}

function dockerNetworkProblems(argument: string, name: string): string[] {
  // Docker's own have no names of containers.
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name) && !["bridge", "host", "none"].includes(name)
    ? []
    : [
        `${argument}: ${quoted(name)} is no network that containers can find each other in; write one that "docker network ls" shows, other than bridge, host and none`,
      ];
}

/** Problems of a certificate where the load balancer speaks plain HTTP with us. */
function unencryptedProblems(args: PrivateRegistryArgs): string[] {
  const { certificateSource: source } = args;
  const unused = ofTls.filter((name) => !ofClients.includes(name));
  return [
    ...givenOf(args, unused).map(
      (name) =>
        `${name}: is for TLS, and external.encrypted is false; leave it out, or take out external.encrypted`,
    ),
    ...(source === undefined || source === CertificateSource.None
      ? []
      : ['certificateSource: is for TLS, and external.encrypted is false; leave it out, or write "none"']),
  ];
}
