import { isTextMap } from "../../components/base/values";
import { type ImageKind, imageNames, noImage } from "../../components/docker/imageNames";
import type { KeeperWork } from "../../components/keeper/problems";
import { type Context, stackSettings } from "../context";
import { type Environment, watch } from "../process";
import { say } from "../say";
import { isLocal } from "./docker";
import { buildStandIn, isBuilt } from "./standIns";

interface Image {
  readonly kind: ImageKind;
  /** Key in the stack file's settings by which a user names an image of their own. */
  readonly setting?: string;
  /** Whether no stack needs it, but some commands. */
  readonly onDemand?: boolean;
  /** The one setting that needs it, and its value; every stack needs the others. */
  readonly usedBy?: readonly [setting: string, value: string];
  /** Settings of which one must be there for it to be used. */
  readonly usedWith?: readonly string[];
  /** A setting that leaves it nothing to do. */
  readonly usedWithout?: string;
  /** The one setting by which a stack goes without it. Set-up does the same, where it is not asked for by name. */
  readonly switch?: string;
  /** Settings that do nothing without it. */
  readonly work?: readonly (keyof KeeperWork)[];
}

const images: readonly Image[] = [
  { kind: "registry", setting: "registryImage" },
  { kind: "proxy", setting: "proxyImage" },
  { kind: "acme", setting: "acme.image", usedBy: ["certificateSource", "acme"] },
  { kind: "waf", setting: "proxyImage", usedBy: ["front", "waf"] },
  {
    kind: "keeper",
    setting: "keeperImage",
    usedWithout: "storage.s3.bucket",
    switch: "keeper.enabled",
    work: ["retention", "diskGuard", "quotas", "backup"],
  },
  {
    kind: "backup",
    setting: "backup.image",
    usedWith: ["backup.folder", "backup.sftp.host", "backup.s3.bucket"],
  },
  { kind: "store", onDemand: true },
];

/** The plain settings of a stack as text, by their keys. */
export type Settings = (key: string) => string | undefined;

/**
 * Ensures the images on the Docker host: those there, else pulled, else local stand-ins made from packages. Hands
 * back the names of stand-ins for the stack program; nothing where the official images are used. Images that the
 * stack's settings name are Docker's and the stack's own business; those it does not use are left alone. Without
 * settings all of them are prepared.
 */
export async function prepareImages(
  context: Context,
  docker: Environment,
  settings: Settings | undefined,
  demanded: readonly ImageKind[] = [],
): Promise<Environment> {
  const environment = { ...process.env, ...docker };
  const wanted = neededImages(settings, demanded);
  const chosen = await Promise.all(
    wanted.map((image) => {
      const prepared = prepareImage(context, environment, image);
      const mayGo = image.switch !== undefined && settings?.(image.switch) !== "true";
      return settings !== undefined && mayGo
        ? prepared.catch((reason) => without(image, reason, stackSettings(context)))
        : prepared;
    }),
  );
  return Object.assign({}, ...chosen);
}

/**
 * The images that a stack with these settings uses and does not name itself, and those that a command demands; all of them
 * without settings.
 */
export function neededImages(settings?: Settings, demanded: readonly ImageKind[] = []): readonly Image[] {
  if (settings === undefined) return images;
  const isUsed = ({ kind, onDemand, usedBy, usedWith, usedWithout, switch: name }: Image) =>
    (!onDemand || demanded.includes(kind)) &&
    (usedWithout === undefined || settings(usedWithout) === undefined) &&
    (usedWith === undefined || usedWith.some((key) => settings(key) !== undefined)) &&
    (usedBy === undefined || settings(usedBy[0]) === usedBy[1]) &&
    (name === undefined || settings(name) !== "false");
  const isOwn = ({ setting }: Image) => setting !== undefined && settings(setting) !== undefined;
  return images.filter((image) => isUsed(image) && !isOwn(image));
}

async function prepareImage(
  context: Context,
  environment: Environment,
  { kind }: Image,
): Promise<Environment> {
  const { official, standIn, variable } = imageNames[kind];
  if (await isLocal(official, environment)) {
    say(`Image: ${official}, on the Docker host already`);
    return {};
  }
  if (await isBuilt(kind, environment)) {
    say(`Image: ${standIn}, the stand-in built earlier (to use the official one: docker pull ${official})`);
    return { [variable]: standIn };
  }
  if (await pull(official, environment)) return {};
  await buildStandIn(context, kind, environment);
  say(`Image: ${standIn}, a stand-in just built for ${official}`);
  return { [variable]: standIn };
}

/** A stack goes without an image that it only has by default, and is told what of its settings goes with that. */
export function without(
  { kind, setting, switch: name, work = [] }: Image,
  reason: unknown,
  settings: { readonly [key: string]: unknown },
): Environment {
  const { official, variable } = imageNames[kind];
  const idle = work.filter((key) => isAskedFor(settings[key]));
  const whatGoes = idle.length === 0 ? "" : `, and ${idle.join(", ")} of your settings with it,`;
  say(
    `Beware: the ${kind} is left out${whatGoes} because ${official} is not available (${reason instanceof Error ? reason.message : reason}). ` +
      `To get it: docker pull ${official} on the Docker host, or name an image of your own in ${setting}. ` +
      `To leave it out for good, without this warning: ${[`${name}: false`, ...idle.map((key) => `no ${key}`)].join(", ")}`,
  );
  return { [variable]: noImage };
}

/** An empty list, and what is switched off, ask for nothing. */
function isAskedFor(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isTextMap(value) && value.enabled !== false;
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
