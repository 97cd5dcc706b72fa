import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";

/**
 * What must be known of addresses of clients where Docker hides them. It hands on what comes from the host itself, and what
 * comes by IPv6 into a network without, from the gateway of that network.
 */
export function addressWarnings(settings: Addresses): string[] {
  return [...namesOfClientsThemselves(settings), ...addressesThatDockerHides(settings)];
}

type Addresses = Pick<
  ResolvedPrivateRegistry,
  "bindAddress" | "networkSubnets" | "limits" | "hostnames" | "clientAddress"
>;

/** A name that each machine takes for itself, where `clientAddress` says that clients are elsewhere. */
function namesOfClientsThemselves({ hostnames, clientAddress }: Addresses): string[] {
  const own = clientAddress === undefined ? [] : hostnames.filter((name) => isOfEachMachine(name));
  return own.map(
    (name) =>
      `hostnames: every client takes "${name}" for itself, and clientAddress says that the registry is elsewhere: the ` +
      "install script cannot log in at that name; take it out",
  );
}

function isOfEachMachine(name: string): boolean {
  return name === "localhost" || /^127\.|^::1$/.test(name);
}

function addressesThatDockerHides({ bindAddress, networkSubnets = [], limits }: Addresses): string[] {
  const isLoopback = isOfEachMachine(bindAddress);
  if (isLoopback) {
    return limits.allowedAddresses === undefined
      ? []
      : [
          `limits.allowedAddresses: with bindAddress "${bindAddress}" all clients are on this machine, and Docker shows them ` +
            "as the gateway of its network: the list lets in all of them or nobody",
        ];
  }
  return bindAddress.includes(":") && !networkSubnets.some((subnet) => subnet.includes(":"))
    ? [
        `bindAddress: clients that come by IPv6 all have the address of Docker's gateway, in the log and for limits; ` +
          "give networkSubnets with a subnet of IPv6, and see that Docker is 27 or newer, or has ip6tables on",
      ]
    : [];
}
