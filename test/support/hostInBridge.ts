import { output } from "../../tools/shell";

/**
 * The address at which containers in Docker's own network reach this machine: that of its bridge, as Docker itself knows no
 * gateway there after its first start.
 */
export async function hostInBridge(): Promise<string> {
  const format = '{{index .Options "com.docker.network.bridge.name"}}';
  const bridge = await output(["docker", "network", "inspect", "--format", format, "bridge"]);
  const told = await output(["ip", "-4", "-oneline", "addr", "show", "dev", bridge]);
  const [, address] = / inet ([\d.]+)\//.exec(told) ?? [];
  if (address === undefined) throw new Error(`${bridge} has no address: ${told}`);
  return address;
}
