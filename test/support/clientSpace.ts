import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { output, type Result, type RunOptions, run } from "../../tools/shell";

/** A network of its own on this host, from which programs ask with an address of their own. */
export interface ClientSpace {
  /** The address of this host as the space sees it: publish on one of these, every space reaches it. */
  readonly hostAddress: string;
  /** The address from which a server sees the programs. */
  readonly address: string;
  /** Runs a program of this host in the space, whatever its status. */
  run(command: readonly string[], options?: RunOptions): Promise<Result>;
  /** Takes everything away. May be called twice. */
  remove(): Promise<void>;
}

/** Makes a client space: a network namespace with a link. What a killed run left under the same name goes first. */
export async function clientSpace(name: string): Promise<ClientSpace> {
  // Names of network links have 15 characters at most.
  const short = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const [space, hostLink, link] = [`client-${name}`, `clien${short}h`, `clien${short}c`];
  const remove = async () => {
    await run(["ip", "link", "del", hostLink]);
    if (existsSync(`/run/netns/${space}`)) await output(["ip", "netns", "del", space]);
  };
  await remove();
  const [hostAddress, address] = await freeAddresses();
  await output(["ip", "netns", "add", space]);
  await output(["ip", "link", "add", hostLink, "type", "veth", "peer", "name", link, "netns", space]);
  await output(["ip", "addr", "add", `${hostAddress}/30`, "dev", hostLink]);
  await output(["ip", "link", "set", hostLink, "up"]);
  const inside = ["ip", "-n", space];
  await output([...inside, "addr", "add", `${address}/30`, "dev", link]);
  await output([...inside, "link", "set", link, "up"]);
  await output([...inside, "link", "set", "lo", "up"]);
  await output([...inside, "route", "add", "default", "via", hostAddress]);
  return {
    hostAddress,
    address,
    run: (command, options) => run(["nsenter", `--net=/run/netns/${space}`, ...command], options),
    remove,
  };
}

/** Two neighbours of 203.0.113.0/24 that nothing on this host uses: for the host's end and the client's. */
async function freeAddresses(): Promise<[string, string]> {
  const taken = await output(["ip", "-4", "addr"]);
  for (let base = 0; base < 256; base += 4) {
    if (!taken.includes(` 203.0.113.${base + 1}/`)) return [`203.0.113.${base + 1}`, `203.0.113.${base + 2}`];
  }
  throw new Error("client space: 203.0.113.0/24 is full");
}
