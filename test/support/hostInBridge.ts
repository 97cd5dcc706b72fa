import { output } from "../../tools/shell";

/** The address at which containers in Docker's own network reach this machine. */
export function hostInBridge(): Promise<string> {
  const format = "{{(index .IPAM.Config 0).Gateway}}";
  return output(["docker", "network", "inspect", "--format", format, "bridge"]);
}
