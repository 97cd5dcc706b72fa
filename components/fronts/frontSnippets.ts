import * as pulumi from "@pulumi/pulumi";
import { httpsPort } from "../base/hostnames";
import type { ServedCertificate } from "../certificates/servedCertificate";
import { registryAddress } from "../clients/address";
import { identity } from "../docker/identity";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import { clientPorts } from "../proxy/clientPorts";
import { frontSnippets } from "./loadBalancerSnippets";

/** Configuration for the load balancer by its kind, and the authority with which it verifies us; else empty. */
export function snippetsFor(
  name: string,
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
      upstream: upstreamOf(name, settings),
      encrypted: external.encrypted,
      hasOwnAuthority: pem !== "",
    });
    return pem === "" ? snippets : { ...snippets, upstreamCaCertificate: pem };
  });
}

function upstreamOf(name: string, { bindAddress, port, external }: ResolvedPrivateRegistry): string {
  if (external?.dockerNetwork !== undefined) {
    return `${identity(name, {}).server("proxy").name}:${external.encrypted ? clientPorts.tls : clientPorts.plain}`;
  }
  // That port is left out in image references alone.
  const address = registryAddress(/^[0.:]+$/.test(bindAddress) ? "REGISTRY_HOST" : bindAddress, port);
  return port === httpsPort ? `${address}:${port}` : address;
}
