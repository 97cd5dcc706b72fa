import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentHash } from "../../components/base/contentHash";
import { type ImageKind, imageNames } from "../../components/docker/imageNames";
import { labelPrefix } from "../../components/docker/roles";
import type { Context } from "../context";
import { capture, type Environment, output, watchOrFail } from "../process";
import { problem, say } from "../say";
import { compile, targets } from "./compile";
import { isLocal } from "./docker";
import { canInstall, install, onPath, osRelease } from "./packages";

/** Says of an image that we made it, and from what. */
const label = `${labelPrefix}stand-in`;

/**
 * Folder of each in tools/images, on a Debian base: the registry's own program, compiled from Go modules; Debian's
 * nginx with its scripting module, without and with ModSecurity and the Core Rule Set; Debian's packages of lego, Node,
 * restic and rclone.
 */
const folders: { readonly [kind in ImageKind]: string } = {
  registry: "registry",
  proxy: "nginx",
  waf: "nginx-waf",
  acme: "lego",
  keeper: "node",
  backup: "restic",
  store: "rclone",
};

const folderOf = (kind: ImageKind) => join(__dirname, "..", "images", folders[kind]);

/** Whether the stand-in of an image is on the Docker host, built from its folder as that is now. */
export async function isBuilt(kind: ImageKind, environment: Environment): Promise<boolean> {
  const format = `{{index .Config.Labels "${label}"}}`;
  const args = ["image", "inspect", "--format", format, imageNames[kind].standIn];
  const { code, stdout } = await capture("docker", args, { environment });
  return code === 0 && stdout.trim() === hashOf(folderOf(kind));
}

/** Stands for the files of a folder. */
export function hashOf(folder: string): string {
  const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
  return contentHash(Object.fromEntries(files));
}

/** Builds the stand-in of an image. */
export async function buildStandIn(
  context: Context,
  kind: ImageKind,
  environment: Environment,
): Promise<void> {
  if (kind !== "registry") {
    await ensureBase(kind, environment);
    return build(kind, environment);
  }
  await requireSameProcessor(environment);
  const [program] = await Promise.all([compile(context, targets.registry), ensureBase(kind, environment)]);
  return build(kind, environment, program);
}

async function build(kind: ImageKind, environment: Environment, program?: string): Promise<void> {
  const image = imageNames[kind].standIn;
  const directory = mkdtempSync(join(tmpdir(), "private-registry-image-"));
  try {
    cpSync(folderOf(kind), directory, { recursive: true });
    if (program) cpSync(program, join(directory, "registry"));
    const args = ["build", "--label", `${label}=${hashOf(folderOf(kind))}`, "--tag", image, directory];
    // The classic builder: distributions' Docker packages come without BuildKit.
    const options = {
      environment: { ...environment, DOCKER_BUILDKIT: "0" },
      phase: (line: string) => line.slice(0, 60),
    };
    await watchOrFail(`building ${image}`, "docker", args, options);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const made = new Map<string, Promise<void>>();

/** Makes the Debian base image once, although several stand-ins ask for it at the same time. */
async function ensureBase(kind: ImageKind, environment: Environment): Promise<void> {
  const text = readFileSync(join(folderOf(kind), "Dockerfile"), "utf8");
  const [, base, version] = /^FROM (localhost\/\S+:(\S+))$/m.exec(text) ?? [];
  // Another one is Docker's to pull.
  if (base === undefined || version === undefined) return;
  const making = made.get(base) ?? makeBase(base, version, environment);
  made.set(base, making);
  return making;
}

async function makeBase(base: string, version: string, environment: Environment): Promise<void> {
  if (await isLocal(base, environment)) return;
  if (process.getuid?.() !== 0)
    throw problem(
      "images can neither be pulled nor built: building stand-ins needs root (debootstrap). Run this as root once, " +
        "or load the images with docker load, or name images of your own in the stack's configuration",
    );
  if (!onPath("debootstrap") && !canInstall())
    throw problem(
      "images can neither be pulled nor built: stand-ins need debootstrap, install it and run this again",
    );
  if (!onPath("debootstrap")) {
    say("Image: the stand-ins need debootstrap for their base");
    await install(["debootstrap", ...(osRelease("ID") === "debian" ? [] : ["debian-archive-keyring"])]);
  }
  const directory = mkdtempSync(join(tmpdir(), "private-registry-base-"));
  const root = join(directory, "root");
  mkdirSync(root);
  try {
    const args = ["--variant=minbase", version, root, ...debianMirror()];
    await watchOrFail("making the Debian base", "debootstrap", args, { phase: (line) => line.slice(0, 60) });
    rmSync(join(root, "var/cache/apt/archives"), { recursive: true, force: true });
    const script = 'tar --create --directory "$0" . | docker import --change "LABEL $1" - "$2"';
    await output("sh", ["-c", script, root, `${label}=base`, base], { environment });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The mirror this machine itself uses, if it is a Debian; else debootstrap's own choice. */
function debianMirror(): string[] {
  if (osRelease("ID") !== "debian") return [];
  const folder = "/etc/apt/sources.list.d";
  const more = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  const files = ["/etc/apt/sources.list", ...more].filter(
    (file) => /\.(list|sources)$/.test(file) && existsSync(file),
  );
  const mirror = mirrorIn(files.map((file) => readFileSync(file, "utf8")).join("\n"));
  return mirror ? [mirror] : [];
}

/** The first Debian archive among apt's sources, in either of its two formats. */
export function mirrorIn(sources: string): string | undefined {
  return /^(?:URIs:|deb)\s+(?:\[[^\]]*\]\s+)?(https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(sources)?.[1];
}

async function requireSameProcessor(environment: Environment): Promise<void> {
  const host = await output("docker", ["info", "--format", "{{.Architecture}}"], { environment });
  const names: { [name: string]: string } = { x86_64: "x64", aarch64: "arm64", amd64: "x64" };
  if ((names[host] ?? host) === process.arch) return;
  throw problem(
    `stand-in images cannot be built for the Docker host's processor (${host}, here ${process.arch}): ` +
      "load the official images there, or name images of your own in the stack's configuration",
  );
}
