import { isIP } from "node:net";

/**
 * The line for `/etc/hosts` on clients whose DNS does not know the registry: `address name name`, without a newline.
 * IP addresses among the names are left out; "" when no name is left or no address is given.
 *
 * @param clientAddress - the IP address at which clients reach the registry; "" for none
 * @param hostnames - the registry's names and IP addresses
 */
export function hostsEntry(clientAddress: string, hostnames: readonly string[]): string {
  const names = new Set(hostnames.filter((hostname) => isIP(hostname) === 0));
  return clientAddress === "" || names.size === 0 ? "" : [clientAddress, ...names].join(" ");
}

/**
 * The fragment for `/etc/docker/daemon.json`. With TLS it is `{}`: an address under `insecure-registries` is not
 * verified at all, and its `certs.d` folder is not even read (moby, `newTLSConfig`).
 *
 * @param insecureAddresses - addresses served over plain HTTP, without `http://`
 */
export function daemonJson(insecureAddresses: readonly string[]): string {
  return insecureAddresses.length === 0
    ? "{}"
    : JSON.stringify({ "insecure-registries": insecureAddresses }, null, 2);
}

/**
 * A `config.json` that logs a Docker client in at every address, as `docker login` would write it (tabs included).
 * It holds the password in base64, which is no encryption: treat it as the password.
 *
 * @param addresses - as `registryAddress` gives them
 */
export function dockerConfigJson(addresses: readonly string[], username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
  const auths = Object.fromEntries(addresses.map((address) => [address, { auth }]));
  return JSON.stringify({ auths }, null, "\t");
}
