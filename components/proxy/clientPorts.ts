/** Ports in the container of a proxy for its clients. */
export const clientPorts = { tls: 8443, plain: 8080 };

/** What is added to one of them for clients that come by IPv6. */
const ofIpv6 = 1000;

/** The port in the container for clients that come by IPv6; none where the proxy is published for none. */
export function ipv6Port(port: number, bindAddress: string): number | undefined {
  return bindAddress.includes(":") ? port + ofIpv6 : undefined;
}
