import { everyAddress, isIpAddress } from "./hostnames";
import { quoted } from "./values";

/** Longest prefixes of a subnet that has room for a gateway and our servers. */
const LONGEST_PREFIX = { ipv4: 29, ipv6: 125 };

/** Shortest prefixes that are anybody's own. */
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 7 };

/** The address to listen on that stands for all addresses of a host, of both families. */
export const everyAddressOfBoth = "::";

/** The addresses to publish on: Docker takes `::` for those of IPv6 alone. */
export function publishedAddresses(bindAddress: string): string[] {
  return bindAddress === everyAddressOfBoth ? [everyAddress, everyAddressOfBoth] : [bindAddress];
}

/** Problems of the subnets of a Docker network: one of IPv4, and maybe one of IPv6. */
export function subnetProblems(argument: string, subnets: readonly string[]): string[] {
  const example = '"10.20.30.0/24", or that and "fd12:3456:789a::/64"';
  const families = subnets.map(familyOf);
  const problems = subnets.flatMap((subnet, index) => {
    const problem = subnetProblem(subnet, families[index] ?? "ipv4");
    return problem === undefined ? [] : [`${argument}[${index}]: ${quoted(subnet)} ${problem}`];
  });
  if (problems.length > 0) return problems;
  const counted = (family: Family) => families.filter((each) => each === family).length;
  return counted("ipv4") === 1 && counted("ipv6") <= 1
    ? []
    : [
        `${argument}: has ${counted("ipv4")} subnets of IPv4 and ${counted("ipv6")} of IPv6; write ${example}`,
      ];
}

type Family = "ipv4" | "ipv6";

function familyOf(network: string): Family {
  return network.includes(":") ? "ipv6" : "ipv4";
}

function subnetProblem(subnet: string, family: Family): string | undefined {
  const [address = "", length = ""] = subnet.split("/");
  if (!isNetwork(subnet) || length === "") {
    return 'is not a subnet; write one such as "10.20.30.0/24"';
  }
  const [shortest, longest, prefix] = [SHORTEST_PREFIX[family], LONGEST_PREFIX[family], Number(length)];
  if (prefix < shortest || prefix > longest) {
    return `has a prefix of ${prefix} bits; write one from ${shortest} to ${longest}`;
  }
  const bits = bitsOf(address, family);
  return bits.slice(prefix).includes("1")
    ? `begins in the midst of a subnet; write the first address of it before /${length}`
    : undefined;
}

/** An address as a text of binary digits. */
function bitsOf(address: string, family: Family): string {
  if (family === "ipv4") {
    return address
      .split(".")
      .map((byte) => Number(byte).toString(2).padStart(8, "0"))
      .join("");
  }
  // The URL parser writes an address of IPv6 in hexadecimal alone.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const [before, after] = [head === "" ? [] : head, tail ?? []];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
}

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
