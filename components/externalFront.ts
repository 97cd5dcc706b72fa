import * as pulumi from "@pulumi/pulumi";
import { registryAddress } from "./consumer/address";
import { Front } from "./enums";
import { clientPort, servesCertificate } from "./fronts";
import { joinPem } from "./pemText";
import type { PrivateRegistryArgs } from "./privateRegistryArgs";
import { frontSnippets } from "./render/frontSnippets";
import type { ServedCertificate } from "./servedCertificate";

/** PEM that clients must trust: what they see is the load balancer's certificate, if there is one. */
export function clientAuthority(
  { front, external, extraCaCertificatesPem }: PrivateRegistryArgs,
  certificate: ServedCertificate | undefined,
): pulumi.Output<string> {
  if (front === Front.External) {
    return pulumi.all([external?.caCertificatePem ?? "", extraCaCertificatesPem ?? ""]).apply(joinPem);
  }
  return certificate?.caPem ?? pulumi.output("");
}

/** Configuration for the load balancer by its kind, and the authority with which it verifies us; else empty. */
export function snippetsFor(
  args: PrivateRegistryArgs,
  certificate: ServedCertificate | undefined,
): pulumi.Output<{ [kind: string]: string }> {
  const authority = certificate?.caPem ?? pulumi.output("");
  return authority.apply((pem): { [kind: string]: string } => {
    if (args.front !== Front.External) {
      return {};
    }
    const snippets = frontSnippets({
      hostnames: args.hostnames,
      publicPort: clientPort(args),
      upstream: upstreamOf(args),
      encrypted: servesCertificate(args),
      hasOwnAuthority: pem !== "",
    });
    return pem === "" ? snippets : { ...snippets, upstreamCaCertificate: pem };
  });
}

function upstreamOf({ bindAddress = "0.0.0.0", port = 443 }: PrivateRegistryArgs): string {
  // Port 443 is left out in image references alone.
  const address = registryAddress(/^[0.:]+$/.test(bindAddress) ? "REGISTRY_HOST" : bindAddress, port);
  return port === 443 ? `${address}:443` : address;
}
