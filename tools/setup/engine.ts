import { delimiter, join } from "node:path";
import type { Context } from "../context";
import { atLeast } from "../machine.cjs";
import pins from "../pins.json";
import { capture, watch } from "../process";
import { say } from "../say";
import { compile, isCompiled, targets } from "./compile";

export interface Engine {
  /** PATH with the engine's folder first. */
  readonly path: string;
  /** Whether the vendor can be expected to serve plugins. False once we had to compile the engine. */
  readonly fromVendor: boolean;
}

const installer = "https://get.pulumi.com";

/** Says which one is used, or says nothing. */
export type Tell = (text: string) => void;

/** Ensures a Pulumi engine: the one on PATH, else one installed or compiled earlier, else installed or compiled now. */
export async function prepareEngine(context: Context, tell: Tell): Promise<Engine> {
  const own = await engineVersion("pulumi");
  if (own && atLeast(own, pins.oldestEngine)) {
    tell(`Pulumi engine: the one on PATH, ${own}`);
    return { path: process.env.PATH ?? "", fromVendor: true };
  }
  if (own) say(`Pulumi engine: the one on PATH, ${own}, is older than ${pins.oldestEngine} and not used`);
  const vendor = join(context.cacheDirectory, "vendor", "bin");
  if (await engineVersion(join(vendor, "pulumi")))
    return use(vendor, true, "the vendor's, from the cache", tell);
  const compiled = join(context.cacheDirectory, "bin");
  const { engine, languageHost } = targets;
  if (isCompiled(context, engine) && isCompiled(context, languageHost))
    return use(compiled, false, "compiled earlier, from the cache", tell);
  if (await installFromVendor(context))
    return use(vendor, true, "just installed by the vendor's installer", tell);
  await Promise.all([compile(context, engine), compile(context, languageHost)]);
  return use(compiled, false, "just compiled", tell);
}

function use(folder: string, fromVendor: boolean, how: string, tell: Tell): Engine {
  tell(`Pulumi engine: ${pins.engine}, ${how}`);
  return { path: `${folder}${delimiter}${process.env.PATH ?? ""}`, fromVendor };
}

/** The version of an engine that answers, without its plugins or any network. */
async function engineVersion(program: string): Promise<string | undefined> {
  const environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" };
  const { code, stdout } = await capture(program, ["version"], { environment, timeoutSeconds: 20 });
  return code === 0 ? stdout.trim() : undefined;
}

async function installFromVendor(context: Context): Promise<boolean> {
  const root = join(context.cacheDirectory, "vendor");
  const probe = await capture("curl", ["-fsSL", "--max-time", "5", "-o", "/dev/null", installer]);
  if (probe.code !== 0) {
    say(`Pulumi engine: the vendor's installer cannot be reached (${installer}), compiling instead`);
    return false;
  }
  say(`Pulumi engine: installing ${pins.engine} with the vendor's installer`);
  const script = `curl -fsSL ${installer} | sh -s -- --version ${pins.engine} --install-root "$0" --no-edit-path`;
  const { code, tail } = await watch("vendor's installer", "sh", ["-c", script, root], {
    timeoutSeconds: 900,
  });
  if (code === 0 && (await engineVersion(join(root, "bin", "pulumi")))) return true;
  say(`Pulumi engine: the vendor's installer failed (${tail.split("\n").at(-1)}), compiling instead`);
  return false;
}
