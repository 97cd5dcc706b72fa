import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context";
import { output, watch } from "../process";
import { say } from "../say";
import { compile, stampOf, targets } from "./compile";
import type { Engine, Tell } from "./engine";

interface Plugin {
  readonly name: string;
  readonly version: string;
}

/** The engine's home for this project: a user's own ~/.pulumi stays as it is. */
export function engineHome(context: Context): string {
  return join(context.cacheDirectory, "pulumi-home");
}

/** The provider plugins that belong to the npm packages of package.json. */
export function neededPlugins(packageJson: string): Plugin[] {
  const versions = JSON.parse(packageJson).devDependencies;
  return ["docker", "random", "tls"].map((name) => ({ name, version: versions[`@pulumi/${name}`] }));
}

/** Ensures the provider plugins: those there, else the vendor's, else ours compiled from Go modules. */
export async function preparePlugins(context: Context, engine: Engine, tell: Tell): Promise<void> {
  const plugins = neededPlugins(readFileSync(join(context.projectDirectory, "package.json"), "utf8"));
  let missing = plugins.filter((plugin) => !isInstalled(context, plugin));
  if (missing.length > 0 && engine.fromVendor) missing = await installFromVendor(context, engine, missing);
  else if (missing.length > 0)
    say("Pulumi plugins: compiling them, because the engine had to be compiled as well");
  if (missing.length > 0) await installCompiled(context, engine, missing);
  tell(`Pulumi plugins: ${plugins.map(({ name, version }) => `${name} ${version}`).join(", ")}`);
}

function stampFile(context: Context, { name, version }: Plugin): string {
  return join(context.cacheDirectory, "stamps", `plugin-${name}-${version}`);
}

function isInstalled(context: Context, plugin: Plugin): boolean {
  const folder = join(engineHome(context), "plugins", `resource-${plugin.name}-v${plugin.version}`);
  if (!existsSync(join(folder, `pulumi-resource-${plugin.name}`)) || existsSync(`${folder}.partial`))
    return false;
  const stamp = stampFile(context, plugin);
  const origin = existsSync(stamp) ? readFileSync(stamp, "utf8").trim() : "";
  return origin === "vendor" || origin === stampOf(targets.plugins);
}

function remember(context: Context, plugin: Plugin, origin: string): void {
  mkdirSync(join(context.cacheDirectory, "stamps"), { recursive: true });
  writeFileSync(stampFile(context, plugin), `${origin}\n`);
}

function environmentOf(context: Context, { path }: Engine) {
  return { ...process.env, PATH: path, PULUMI_HOME: engineHome(context), PULUMI_SKIP_UPDATE_CHECK: "1" };
}

/** Lets the engine fetch plugins from the vendor; hands back those it could not get. */
async function installFromVendor(
  context: Context,
  engine: Engine,
  plugins: readonly Plugin[],
): Promise<Plugin[]> {
  const environment = environmentOf(context, engine);
  for (const [index, plugin] of plugins.entries()) {
    const { name, version } = plugin;
    const args = ["plugin", "install", "resource", name, version];
    const { code } = await watch(`plugin ${name} from the vendor`, "pulumi", args, {
      environment,
      timeoutSeconds: 300,
    });
    if (code === 0) {
      remember(context, plugin, "vendor");
      continue;
    }
    say(`Pulumi plugins: the vendor's download of ${name} failed, compiling instead`);
    return plugins.slice(index);
  }
  return [];
}

async function installCompiled(context: Context, engine: Engine, plugins: readonly Plugin[]): Promise<void> {
  const program = await compile(context, targets.plugins);
  const environment = environmentOf(context, engine);
  // One program is all three plugins and goes by the name it is called by.
  const folder = join(context.cacheDirectory, `unfinished-${process.pid}-plugins`);
  mkdirSync(folder, { recursive: true });
  try {
    for (const plugin of plugins) {
      const { name, version } = plugin;
      const file = join(folder, `pulumi-resource-${name}`);
      copyFileSync(program, file);
      const args = ["plugin", "install", "resource", name, version, "--reinstall", "--file", file];
      await output("pulumi", args, { environment });
      remember(context, plugin, stampOf(targets.plugins));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
