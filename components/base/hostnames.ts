import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import isFQDN from "validator/lib/isFQDN";
import { hasControlCharacter, quoted } from "./values";

/** How a list of names is checked. */
export interface HostnameRules {
  /** Whether `*.example.com` is allowed: in a certificate it is, as an address it is not. Defaults to false. */
  readonly wildcards?: boolean;
  /** Whether a list without any name is allowed. Defaults to false. */
  readonly mayBeEmpty?: boolean;
}

/** Longest host name in characters. RFC 1035, section 2.3.4: 255 bytes on the wire. */
const LONGEST_NAME = 253;

/** The port of HTTPS, which is left out of addresses. */
export const httpsPort = 443;

/** The address to listen on that stands for all IPv4 addresses of a host. */
export const everyAddress = "0.0.0.0";

/** Whether text is an IPv4 or IPv6 address, without brackets, port or zone. */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes("%");
}

/**
 * Problems of the names and IP addresses under which clients reach the registry, or of
 * the names of a certificate.
 */
export function hostnameProblems(
  argument: string,
  hostnames: readonly string[],
  rules: HostnameRules = {},
): string[] {
  if (hostnames.length === 0 && !rules.mayBeEmpty) {
    return [`${argument}: is empty; write at least one name or IP address, such as "registry.example.com"`];
  }
  return hostnames.flatMap((hostname, index) => {
    const problem =
      hostnameProblem(hostname, rules.wildcards ?? false) ?? duplicateProblem(argument, hostnames, index);
    return problem === undefined ? [] : [`${argument}[${index}]: ${problem}`];
  });
}

/**
 * Problems of names that an image reference cannot begin with at this port. Docker reads a first part
 * without dot and port, other than `localhost`, as a repository of Docker Hub (distribution/reference,
 * `splitDockerDomain`), and port 443 is never written.
 */
export function imageHostProblems(argument: string, hostnames: readonly string[], port: number): string[] {
  return hostnames.flatMap((name, index) =>
    port !== httpsPort || /[.:]/.test(name) || name === "" || name === "localhost"
      ? []
      : [
          `${argument}[${index}]: ${quoted(name)} has no dot, and with port 443 Docker takes ` +
            `${quoted(`${name}/app`)} for an image of Docker Hub; write a name with a dot, or another port`,
        ],
  );
}

/** Problems of a TCP port, 1 to 65535. */
export function portProblems(argument: string, port: number): string[] {
  return Number.isInteger(port) && port >= 1 && port <= 65535
    ? []
    : [`${argument}: ${port} is not a port; write a whole number from 1 to 65535`];
}

/** Problems of the address of the Docker host on which the proxy listens. */
export function bindAddressProblems(argument: string, address: string): string[] {
  const example = '"127.0.0.1", "0.0.0.0" for every IPv4 address of the host, or "::" for every address';
  return isIpAddress(address)
    ? []
    : [`${argument}: ${notAnAddress(address)}; write an IP address such as ${example}`];
}

/** Problems of the address that clients enter in their hosts file for the registry. */
export function clientAddressProblems(argument: string, address: string): string[] {
  const advice = 'write the IP address under which clients reach the host, such as "192.0.2.7"';
  if (!isIpAddress(address)) {
    return [`${argument}: ${notAnAddress(address)}; ${advice}`];
  }
  return isUnspecified(address) ? [`${argument}: ${quoted(address)} is no address of a host; ${advice}`] : [];
}

function hostnameProblem(name: string, wildcards: boolean): string | undefined {
  const bare = bareHost(name);
  if (name.trim() === "") {
    return 'is empty; write a name or IP address, such as "registry.example.com"';
  }
  if (hasControlCharacter(name) || name.includes(" ")) {
    return `${quoted(name)} has a space or control character in it; write the name alone`;
  }
  if (name.includes("://")) {
    return `${quoted(name)} has a scheme in it; write ${quoted(bare)}`;
  }
  if (name.includes("/")) {
    return `${quoted(name)} has a path in it; write ${quoted(bare)}`;
  }
  const port = /^(?:\[.*\]|[^:]*):(\d+)$/.exec(name)?.[1];
  if (port !== undefined) {
    const what = isIpAddress(bare) ? "is an IP address with a port in it" : "has a port in it";
    return `${quoted(name)} ${what}; write ${quoted(bare)} and put ${port} in port`;
  }
  if (name.startsWith("[")) {
    return `${quoted(name)} is in brackets; write ${quoted(bare)}`;
  }
  if (isUnspecified(name)) {
    return `${quoted(name)} is an address to listen on, not to connect to; write the name or address clients use`;
  }
  return isIpAddress(name) ? caseProblem(name) : dnsNameProblem(name, wildcards);
}

function dnsNameProblem(name: string, wildcards: boolean): string | undefined {
  const isWildcard = name.startsWith("*.");
  if (isWildcard && !wildcards) {
    return `${quoted(name)} is a wildcard; write each name that clients use`;
  }
  if (/[^\p{ASCII}]/u.test(name)) {
    return `${quoted(name)} has letters beyond ASCII; write ${quoted(domainToASCII(name))}`;
  }
  if (!isFQDN(isWildcard ? name.slice(2) : name, { require_tld: false }) || name.length > LONGEST_NAME) {
    return `${quoted(name)} is neither a host name nor an IP address; write one such as "registry.example.com"`;
  }
  return caseProblem(name);
}

function caseProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  return name === lower
    ? undefined
    : `${quoted(name)} has upper case letters, which image references refuse; write ${quoted(lower)}`;
}

function duplicateProblem(argument: string, names: readonly string[], index: number): string | undefined {
  const name = names[index] ?? "";
  const first = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
  return first === index ? undefined : `${quoted(name)} is ${argument}[${first}] again; write it once`;
}

/** The host in what may be a URL or an address with port and brackets. */
function bareHost(text: string): string {
  const host = text.replace(/^.*:\/\//, "").replace(/\/.*$/, "");
  const inBrackets = /^\[(.*)\](?::\d+)?$/.exec(host)?.[1];
  return (inBrackets ?? host.replace(/^([^:]*):\d+$/, "$1")).toLowerCase();
}

function isUnspecified(address: string): boolean {
  return isIpAddress(address) && /^[0.:]+$/.test(address);
}

function notAnAddress(address: string): string {
  return address.trim() === "" ? "is empty" : `${quoted(address)} is not an IP address`;
}
