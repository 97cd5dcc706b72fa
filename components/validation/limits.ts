import type { RequestLimitArgs } from "../args";
import { isIpAddress } from "./hostnames";
import { quoted, wholeNumberProblems } from "./values";

/** Problems of what one client may ask of the proxy. */
export function limitProblems(limits: RequestLimitArgs, argument = "limits"): string[] {
  const at = (name: keyof RequestLimitArgs) => `${argument}.${name}`;
  return [
    ...(limits.allowedAddresses === undefined
      ? []
      : networkProblems(at("allowedAddresses"), limits.allowedAddresses)),
    ...wholeNumberProblems(at("requestsPerSecond"), limits.requestsPerSecond, 1),
    ...wholeNumberProblems(at("requestBurst"), limits.requestBurst, 1),
    ...wholeNumberProblems(at("connectionsPerAddress"), limits.connectionsPerAddress, 1, 65535),
    ...wholeNumberProblems(at("loginsPerSecond"), limits.loginsPerSecond, 1),
    ...wholeNumberProblems(at("loginBurst"), limits.loginBurst, 1),
    ...(limits.requestBurst !== undefined && limits.requestsPerSecond === undefined
      ? [`${at("requestBurst")}: is given without requestsPerSecond; give that too, or take this out`]
      : []),
  ];
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

function isNetwork(text: string): boolean {
  const [address = "", length, ...more] = text.split("/");
  if (!isIpAddress(address) || more.length > 0) {
    return false;
  }
  const longest = address.includes(":") ? 128 : 32;
  return length === undefined || (/^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= longest);
}
