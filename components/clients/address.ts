import { isIPv6 } from "node:net";
import { httpsPort } from "../base/hostnames";

/**
 * The name by which Docker knows the registry: the part of an image reference before the first `/`, the folder
 * name in `certs.d` and the key in `config.json`, which must be the same text everywhere.
 *
 * Port 443 is left out, because Docker takes `host` and `host:443` for different registries (moby, `daemon/pkg/registry`).
 * An IPv6 address stands in brackets, as image references demand.
 *
 * @param hostname - a DNS name or an IP address without brackets
 * @param port - the published port
 */
export function registryAddress(hostname: string, port: number): string {
  const host = isIPv6(hostname) ? `[${hostname}]` : hostname;
  return port === httpsPort ? host : `${host}:${port}`;
}
