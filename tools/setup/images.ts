import { defaultProxyImage, defaultRegistryImage } from "../../components/defaults";
import type { Context } from "../context";
import { pins } from "../pins";
import { type Environment, watch } from "../process";
import { say } from "../say";
import { isLocal } from "./docker";
import { buildProxyStandIn, buildRegistryStandIn } from "./standIns";

interface Image {
  readonly official: string;
  readonly standIn: string;
  /** Key in the stack file by which a user names an image of their own. */
  readonly setting: string;
  /** Environment variable by which the stack program learns of a stand-in. */
  readonly variable: string;
  readonly build: (context: Context, environment: Environment) => Promise<void>;
}

const images: readonly Image[] = [
  {
    official: defaultRegistryImage,
    standIn: pins.standIns.registry,
    setting: "registryImage",
    variable: "PRIVATE_REGISTRY_REGISTRY_IMAGE",
    build: buildRegistryStandIn,
  },
  {
    official: defaultProxyImage,
    standIn: pins.standIns.proxy,
    setting: "proxyImage",
    variable: "PRIVATE_REGISTRY_PROXY_IMAGE",
    build: buildProxyStandIn,
  },
];

/**
 * Sees to the images on the Docker host: those there, else pulled, else local stand-ins made from packages. Hands back
 * the names of stand-ins for the stack program; nothing where the official images are used. Images that the stack's
 * settings name (`isNamed` says so of a key) are Docker's and the stack's own business.
 */
export async function prepareImages(
  context: Context,
  docker: Environment,
  isNamed: (setting: string) => boolean,
): Promise<Environment> {
  const environment = { ...process.env, ...docker };
  const wanted = images.filter(({ setting }) => !isNamed(setting));
  const chosen = await Promise.all(wanted.map((image) => prepareImage(context, environment, image)));
  return Object.assign({}, ...chosen);
}

async function prepareImage(context: Context, environment: Environment, image: Image): Promise<Environment> {
  const { official, standIn, variable } = image;
  if (await isLocal(official, environment)) {
    say(`Image: ${official}, on the Docker host already`);
    return {};
  }
  if (await isLocal(standIn, environment)) {
    say(`Image: ${standIn}, the stand-in built earlier (to use the official one: docker pull ${official})`);
    return { [variable]: standIn };
  }
  if (await pull(official, environment)) return {};
  await image.build(context, environment);
  say(`Image: ${standIn}, a stand-in just built for ${official}`);
  return { [variable]: standIn };
}

async function pull(image: string, environment: Environment): Promise<boolean> {
  say(`Image: pulling ${image}`);
  const limits = { environment, firstLineSeconds: 30, timeoutSeconds: 900 };
  const { code, tail } = await watch(`pulling ${image}`, "docker", ["pull", image], limits);
  if (code === 0) {
    say(`Image: ${image}, pulled`);
    return true;
  }
  const reason = tail.split("\n").at(-1) || "no answer in time";
  say(`Image: ${image} cannot be pulled (${reason}), building a stand-in instead`);
  return false;
}
