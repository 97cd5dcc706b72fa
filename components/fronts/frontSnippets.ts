import * as pulumi from "@pulumi/pulumi";
import { httpsPort } from "../base/hostnames";
import type { ServedCertificate } from "../certificates/servedCertificate";
import { registryAddress } from "../clients/address";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import { frontSnippets } from "./loadBalancerSnippets";

/** Configuration for the load balancer by its kind, and the authority with which it verifies us; else empty. */
export function snippetsFor(
  settings: ResolvedPrivateRegistry,
  certificate: ServedCertificate | undefined,
): pulumi.Output<{ [kind: string]: string }> {
  const authority = certificate?.caPem ?? pulumi.output("");
  return authority.apply((pem): { [kind: string]: string } => {
    const { hostnames, external } = settings;
    if (external === undefined) {
      return {};
    }
    const snippets = frontSnippets({
      hostnames,
      publicPort: external.publicPort,
      upstream: upstreamOf(settings),
      encrypted: external.encrypted,
      hasOwnAuthority: pem !== "",
    });
    return pem === "" ? snippets : { ...snippets, upstreamCaCertificate: pem };
  });
}

function upstreamOf({ bindAddress, port }: ResolvedPrivateRegistry): string {
  // That port is left out in image references alone.
  const address = registryAddress(/^[0.:]+$/.test(bindAddress) ? "REGISTRY_HOST" : bindAddress, port);
  return port === httpsPort ? `${address}:${port}` : address;
}
