import { imageFromEnvironment, imageNames } from "../../components/docker/imageNames";
import { type Context, stackSetting, stackSettings } from "../context";
import {
  holdersAmong,
  judgeRefusal,
  type Place,
  publishedPlaces,
  refusalText,
  trialOf,
  wantedPlaces,
} from "../ports";
import { capture, type Environment } from "../process";
import { problem } from "../say";
import type { Situation } from "./index";

/**
 * Refuses a port that somebody else has, and an address that the Docker host has not, before anything is changed: the
 * engine removes the running server first, and finds out then. Only Docker itself can tell, which costs a container
 * that ends at once; where our server has the place already, nothing is asked.
 */
export async function refuseBusyPort(
  context: Context,
  environment: Environment,
  { host }: Situation,
  args: readonly string[],
): Promise<void> {
  // Settings of the command line are the engine's to read.
  if (args.some((argument) => /^(-c|--config)/.test(argument))) return;
  const image =
    stackSetting(context, "registryImage") ??
    imageFromEnvironment("registry", environment) ??
    imageNames.registry.official;
  for (const place of wantedPlaces(stackSettings(context))) {
    const trial = trialOf(place, publishedPlaces(host.containers));
    if (trial === undefined) continue;
    const run = ["run", "--rm", "--pull", "never", "--publish", trial, "--entrypoint", "true", image];
    const { code, stderr } = await capture("docker", run, { environment, timeoutSeconds: 30 });
    const verdict = code === 0 ? undefined : judgeRefusal(stderr);
    if (verdict)
      throw problem(refusalText(verdict, place, await holders(environment, place, host.containers)));
  }
}

async function holders(environment: Environment, { port }: Place, own: Situation["host"]["containers"]) {
  const args = ["ps", "--filter", `publish=${port}`, "--format", "{{.Names}}"];
  return holdersAmong((await capture("docker", args, { environment })).stdout, own);
}
