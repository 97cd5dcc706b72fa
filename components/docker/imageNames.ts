import names from "./images.json";

/**
 * The programs: the CNCF distribution, nginx without and with OWASP's firewall, lego, the ACME client, Node for the keeper,
 * restic for backups, and rclone for what commands do in an object store.
 */
export type ImageKind = "registry" | "proxy" | "waf" | "acme" | "keeper" | "backup" | "store";

interface ImageNames {
  /** The image that is used if none is given. */
  readonly official: string;
  /** Local image that set-up makes on a machine that cannot pull the official one. */
  readonly standIn: string;
  /** Environment variable by which set-up tells the stack program and the tests of a stand-in. */
  readonly variable: string;
}

/** The names of all images. In a JSON file, because the doctor reads them with plain Node. */
export const imageNames: { readonly [kind in ImageKind]: ImageNames } = names;

/** The default image of a proxy with these settings of a firewall, or without. */
export function proxyImageFor(waf: object | undefined): string {
  return (waf ? imageNames.waf : imageNames.proxy).official;
}

/** What set-up says of an image that cannot be had, where a registry goes without. */
export const noImage = "none";

/** The image to use where no setting names one: the stand-in that set-up names, or the official one. */
export function imageFor(
  kind: ImageKind,
  environment?: { readonly [name: string]: string | undefined },
): string {
  return imageFromEnvironment(kind, environment) ?? imageNames[kind].official;
}

/** The stand-in that set-up names, or undefined where the official image is used. */
export function imageFromEnvironment(
  kind: ImageKind,
  environment: { readonly [name: string]: string | undefined } = process.env,
): string | undefined {
  return environment[imageNames[kind].variable];
}
