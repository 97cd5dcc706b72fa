import { imageFor } from "../../components/docker/imageNames";
import { proxyRole } from "../../components/docker/roles";
import { RegistryDialect } from "../../components/registry/args";
import { takeFlag } from "../arguments";
import { nameOf, roleOf } from "../containers";
import { type Context, stackSetting } from "../context";
import { problem, say } from "../say";
import { setUp } from "../setup";
import { stackContainers } from "../stackContainers";
import { collectBucket, endPause } from "../store/collect";
import { runningRegistry, uploadHours } from "../store/runningRegistry";

/** Gives back what nothing in the bucket of a stack refers to, while people pull. */
export async function collect(context: Context, given: readonly string[]): Promise<number> {
  const untagged = takeFlag(given, "--untagged");
  const dryRun = takeFlag(untagged.rest, "--dry-run");
  if (dryRun.rest.length > 0)
    throw problem(`collect: unknown argument "${dryRun.rest[0]}"; write --untagged or --dry-run, or nothing`);
  if (untagged.given && stackSetting(context, "registry.dialect") === RegistryDialect.V2)
    throw problem("--untagged: registry 2 would take the images of an index with it; leave it out");
  const environment = await setUp(context, { docker: true, images: true, demanded: ["store"] });
  const containers = await stackContainers(context);
  const named = (role: string) => containers.filter((each) => roleOf(each) === role).map(nameOf)[0];
  const name = named("registry") ?? "";
  await endPause(name, environment);
  const registry = await runningRegistry(name, context.stack, environment);
  const report = await collectBucket({
    registry,
    rcloneImage: imageFor("store", environment),
    untagged: untagged.given,
    dryRun: dryRun.given,
    hasProxy: named(proxyRole) !== undefined,
    uploadHours: uploadHours(registry),
    settleSeconds: 15,
    patienceSeconds: 600,
  });
  say(`Collection: ${report}`);
  return 0;
}
