import { isIpAddress } from "./hostnames";
import { quoted } from "./values";

/** Problems of a list of networks and addresses. An address stands for the network of its prefix length. */
export function networkProblems(argument: string, networks: readonly string[]): string[] {
  const example = '"192.0.2.0/24" or "2001:db8::/32"';
  if (networks.length === 0) {
    return [`${argument}: is empty, so that nobody is in it; write networks such as ${example}`];
  }
  return networks.flatMap((network, index) =>
    isNetwork(network)
      ? []
      : [
          `${argument}[${index}]: ${quoted(network)} is neither a network nor an IP address; write one such as ${example}`,
        ],
  );
}

/** Problems of the networks of a load balancer, whose word about clients is believed. */
export function trustedAddressProblems(argument: string, networks: readonly string[]): string[] {
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

function isNetwork(text: string): boolean {
  const [address = "", length, ...more] = text.split("/");
  if (!isIpAddress(address) || more.length > 0) {
    return false;
  }
  const longest = address.includes(":") ? 128 : 32;
  return length === undefined || (/^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= longest);
}
