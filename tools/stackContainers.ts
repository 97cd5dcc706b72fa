import { type Inspected, inStartOrder } from "./containers";
import type { Context } from "./context";
import { output } from "./process";
import { inspect, labelFilters } from "./recovery/look";
import { problem } from "./say";
import { requireDocker } from "./setup/docker";
import { optionOf } from "./stackOutputs";

/**
 * The containers of the stack, in starting order. Only the docker command is used, so this works on a remote Docker host
 * as well, and without an engine.
 */
export async function stackContainers(context: Context): Promise<Inspected[]> {
  await requireDocker();
  const ids = await output("docker", ["ps", "--all", "--quiet", ...labelFilters(context)]);
  const containers = inStartOrder(await inspect(ids.split("\n").filter(Boolean), process.env));
  if (containers.length > 0) return containers;
  throw problem(
    `stack "${context.stack}" of project "${context.project}" has no containers here: run "npm run up${optionOf(context.stack)}" first`,
  );
}
