import { join } from "node:path";
import type { ImageKind } from "../../components/docker/imageNames";
import { type Context, stackSetting } from "../context";
import type { Environment } from "../process";
import { say } from "../say";
import { prepareDocker } from "./docker";
import { prepareEmbedded } from "./embedded";
import { prepareEngine } from "./engine";
import { prepareImages, type Settings } from "./images";
import { engineHome, preparePlugins } from "./plugins";

interface Wanted {
  readonly docker: boolean;
  readonly images: boolean;
  /** Images that only some commands need. */
  readonly demanded?: readonly ImageKind[];
}

/** Prepares everything the engine needs for this stack, and hands back the environment to run it in. */
export async function setUp(context: Context, wanted: Wanted): Promise<Environment> {
  const embedded = prepareEmbedded(context);
  const settings = (key: string) => stackSetting(context, key);
  return { ...(await setUpMachine(context, wanted, settings)), ...embedded };
}

/** The machine's part of set-up: engine, plugins, Docker and images, but no stack and no passphrase. */
export async function setUpMachine(
  context: Context,
  wanted: Wanted,
  settings?: Settings,
): Promise<Environment> {
  const docker = wanted.docker ? await prepareDocker(context) : {};
  // What a command that only asks is done with, nobody wants to read each time.
  const tell = wanted.images ? say : () => {};
  // At the same time: images mostly wait for the network, compiling takes the processors.
  const [images, path] = await Promise.all([
    wanted.images ? prepareImages(context, docker, settings, wanted.demanded) : {},
    prepareEngine(context, tell).then(async (engine) => {
      await preparePlugins(context, engine, tell);
      return engine.path;
    }),
  ]);
  return {
    ...process.env,
    ...docker,
    ...images,
    PATH: path,
    PULUMI_HOME: engineHome(context),
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // Engine and providers run for seconds: to collect their garbage would take a sixth of them.
    GOGC: process.env.GOGC ?? "400",
    // Node 22 and newer keep there what they have compiled. Node 20 does not look.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(context.cacheDirectory, "node"),
  };
}
