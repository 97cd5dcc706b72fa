import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { imageNames } from "../../components/docker/imageNames";
import type { Context } from "../context";
import { atLeast } from "../machine.cjs";
import pins from "../pins.json";
import { capture, watchOrFail } from "../process";
import { problem, say } from "../say";

/** One program made from Go modules. */
export interface Target {
  readonly label: string;
  /** Path of the program inside the cache. */
  readonly program: string;
  /** Folder in tools/toolchain whose files decide what comes out; none for a module taken as it is. */
  readonly module?: string;
  /** Arguments after `go build -o FILE`, or after `go install`. */
  readonly args: readonly string[];
  readonly install?: boolean;
}

const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pins.engine}`;

/** That of the official image, whose place the stand-in takes. */
const registryVersion = imageNames.registry.official.split(":")[1];

export const targets = {
  engine: {
    label: "Pulumi engine",
    program: "bin/pulumi",
    module: "engine",
    args: ["-ldflags", `-s -w -X ${version}`, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
  },
  languageHost: {
    label: "Pulumi language host",
    program: "bin/pulumi-language-nodejs",
    module: "language-host",
    args: ["-ldflags", "-s -w", "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"],
  },
  // Outside bin: bin goes on PATH, and the engine warns about a resource plugin there.
  plugins: {
    label: "Pulumi plugins",
    program: "build/pulumi-resource",
    module: "plugins",
    args: ["-ldflags", "-s -w", "./cmd/plugin"],
  },
  registry: {
    label: "registry",
    program: "build/registry",
    install: true,
    args: ["-ldflags", "-s -w", `github.com/distribution/distribution/v3/cmd/registry@v${registryVersion}`],
  },
} satisfies { [name: string]: Target };

/** A hash over files and build arguments that is the same whatever order they were listed in. */
export function buildStamp(
  files: readonly { path: string; content: string }[],
  args: readonly string[],
): string {
  const hash = createHash("sha256").update(JSON.stringify(args));
  const byPath = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, content } of byPath) hash.update(JSON.stringify([path, content]));
  return hash.digest("hex");
}

/** Whether the cache holds this program, built from what the clone holds now. */
export function isCompiled({ cacheDirectory }: Context, target: Target): boolean {
  const stamp = join(cacheDirectory, "stamps", target.program.replace("/", "-"));
  if (!existsSync(join(cacheDirectory, target.program)) || !existsSync(stamp)) return false;
  return readFileSync(stamp, "utf8").trim() === stampOf(target);
}

/** The stamp that a build of `target` from this clone gets. */
export function stampOf(target: Target): string {
  if (!target.module) return buildStamp([], target.args);
  const folder = join(__dirname, "..", "toolchain", target.module);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return buildStamp(
    paths.map((path) => ({ path: path.slice(folder.length), content: readFileSync(path, "utf8") })),
    target.args,
  );
}

/** Compiles a program into the cache unless it is there, and hands back its path. */
export async function compile(context: Context, target: Target): Promise<string> {
  const program = join(context.cacheDirectory, target.program);
  if (isCompiled(context, target)) return program;
  await requireGo(target.label);
  await inTurn(() => build(context, target, program));
  return program;
}

async function build({ cacheDirectory }: Context, target: Target, program: string): Promise<void> {
  const label = `compiling ${target.label}`;
  say(`  ${label} from Go modules (minutes, once; later runs take it from the cache)`);
  // Built beside its place and renamed: an interrupted build is never taken for a whole one.
  const folder = join(cacheDirectory, `unfinished-${process.pid}-${target.program.replace("/", "-")}`);
  mkdirSync(folder, { recursive: true });
  mkdirSync(dirname(program), { recursive: true });
  mkdirSync(join(cacheDirectory, "stamps"), { recursive: true });
  const [start, made] = target.install
    ? [["install"], join(folder, "registry")]
    : [["build", "-v", "-o", join(folder, "program")], join(folder, "program")];
  const environment = { ...process.env, ...(target.install && { CGO_ENABLED: "0", GOBIN: folder }) };
  const directory = target.module ? join(__dirname, "..", "toolchain", target.module) : folder;
  try {
    await watchOrFail(label, "go", [...start, ...target.args], { environment, directory, phase: goPhase() });
    renameSync(made, program);
    writeFileSync(join(cacheDirectory, "stamps", target.program.replace("/", "-")), `${stampOf(target)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts modules and packages in what go prints, so that a wait of minutes shows where it is. */
export function goPhase(): (line: string) => string {
  let [modules, packages] = [0, 0];
  return (line) => {
    if (line.startsWith("go: downloading")) modules += 1;
    else packages += 1;
    return packages === 0
      ? `${modules} modules downloaded`
      : `${packages} packages compiled, last ${line.trim()}`;
  };
}

async function requireGo(label: string): Promise<void> {
  const found = (await capture("go", ["env", "GOVERSION"])).stdout.trim();
  if (atLeast(found, pins.go)) return;
  throw problem(
    `${label} must be compiled, but Go ${pins.go} or newer is ${found ? `needed (found ${found})` : "missing"}: install Go from ` +
      "https://go.dev/dl/, or Pulumi itself from https://www.pulumi.com/docs/install/, and run this again",
  );
}

// Two builds at a time: more would only take memory, since each uses every processor.
const waiting: (() => void)[] = [];
let free = 2;

async function inTurn(work: () => Promise<void>): Promise<void> {
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}
