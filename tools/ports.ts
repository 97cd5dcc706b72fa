import { isIPv6 } from "node:net";
import { everyAddress, httpsPort } from "../components/base/hostnames";
import { publishedAddresses } from "../components/base/networks";
import { type Inspected, isServer, nameOf, roleOf } from "./containers";

/** An address and a port of the Docker host. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** What a stack's settings say of its port, for each family; nothing where they are no address and port. */
export function wantedPlaces(settings: { readonly [key: string]: unknown }): Place[] {
  // Encrypted as a whole, they say nothing.
  if (settings.secure !== undefined) return [];
  const { port: given = httpsPort, bindAddress: address = everyAddress } = settings;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65535 || typeof address !== "string") return [];
  return publishedAddresses(address).map((each) => ({ address: each, port }));
}

/** Where servers are published, or will be again in a moment: one in a restart loop is there and gone by turns. */
export function publishedPlaces(containers: readonly Inspected[]): Place[] {
  return containers
    .filter((container) => isServer(roleOf(container)) && container.State.Status !== "exited")
    .flatMap(({ State, HostConfig, NetworkSettings }) => {
      const isBetween = State.Status === "restarting";
      return Object.values((isBetween ? HostConfig?.PortBindings : NetworkSettings.Ports) ?? {});
    })
    .flatMap((bindings) => bindings ?? [])
    .map(({ HostIp, HostPort }) => ({ address: HostIp || everyAddress, port: Number(HostPort) }));
}

/**
 * What Docker has to publish to show that a place can be had, in the form of `docker run --publish`; undefined if
 * our servers have it already. Where they hold the port on other addresses, only the address can be tried.
 */
export function trialOf({ address, port }: Place, own: readonly Place[]): string | undefined {
  const samePort = own.filter((place) => place.port === port);
  if (samePort.some((place) => place.address === address)) return undefined;
  const host = isIPv6(address) ? `[${address}]` : address;
  const isAny = (each: string) => each === "0.0.0.0" || each === "::";
  const overlaps = samePort.some((place) => isAny(place.address) || isAny(address));
  return overlaps ? `${host}::1` : `${host}:${port}:1`;
}

/** What Docker's refusal to publish a port means; undefined for any other failure. */
export function judgeRefusal(stderr: string): "taken" | "no such address" | undefined {
  if (/cannot assign requested address/i.test(stderr)) return "no such address";
  return /port is already allocated|address already in use/i.test(stderr) ? "taken" : undefined;
}

/** The refusal in words. `holders` are the containers that publish the port, if any do. */
export function refusalText(
  verdict: "taken" | "no such address",
  { address, port }: Place,
  holders: readonly string[],
): string {
  const untouched = "Nothing was changed";
  if (verdict === "no such address")
    return (
      `settings.bindAddress: the Docker host has no address ${address}. ${untouched}. ` +
      `Set one that "ip address" shows there, or 0.0.0.0 for all, then run this again`
    );
  const holder =
    holders.length > 0
      ? `the container ${holders.join(", ")} (docker stop ${holders.join(" ")})`
      : `a program on the Docker host ("ss -ltnp 'sport = :${port}'" there shows it)`;
  return (
    `settings.port: ${address}:${port} is taken by ${holder}. ${untouched}. ` +
    "Stop that, or set another port, then run this again"
  );
}

/** Names of the containers that publish a port, from what docker lists of them. */
export function holdersAmong(names: string, own: readonly Inspected[]): string[] {
  const ours = new Set(own.map(nameOf));
  return names.split("\n").filter((name) => name && !ours.has(name));
}
