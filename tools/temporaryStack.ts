import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LocalWorkspace, type OutputMap, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import { imageFor } from "../components/docker/imageNames";
import { labels } from "../components/docker/roles";
import { output } from "./shell";
import { type StackConfig, stackFile } from "./stackFile";

// Images of the machine: set-up names local stand-ins where the official ones cannot be had.
export const registryImage = imageFor("registry");
export const proxyImage = imageFor("proxy");
export const acmeImage = imageFor("acme");
export const wafImage = imageFor("waf");
export const keeperImage = imageFor("keeper");
export const backupImage = imageFor("backup");
export const rcloneImage = imageFor("store");
export const images = { registryImage, proxyImage, keeperImage };

/** A stack of a test on the real engine, with a state folder of its own. */
export interface TestStack {
  readonly stack: Stack;
  /** `up`, and its outputs in clear. */
  up(): Promise<Record<string, unknown>>;
  /** Error text of an `up` that must fail. */
  failingUp(): Promise<string>;
  /** Fails if a preview would change anything. */
  expectNoChanges(): Promise<void>;
  /** Removes all of it, with the data that it keeps, at once: a `destroy` lets the servers end what they are at. */
  remove(): Promise<void>;
  /** Removes what this machine has of the stack and leaves the Docker host alone. */
  forget(): void;
}

/** A stack of the shipped program, in a project folder of its own. */
export interface InfraStack extends TestStack {
  /** Environment and folder for a `pulumi` command on this stack. */
  readonly cli: { readonly cwd: string; readonly env: { readonly [name: string]: string } };
  /** Writes the stack file: settings, and keys beside them such as passwords. */
  configure(config: StackConfig): void;
}

const repository = resolve(__dirname, "..");
const environment = { PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests" };

/** A stack `test` of an inline program. What a killed run left of that project is removed first. */
export async function testStack(project: string, program: PulumiFn): Promise<TestStack> {
  const filters = [`label=${labels.project}=${project}`];
  await removeByLabels(filters);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-test-"));
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", projectName: project, program },
    { envVars: { ...environment, PULUMI_BACKEND_URL: `file://${folder}` } },
  );
  // Only the Automation API runs a program that is a function.
  return methods(stack, filters, [folder], async () => valuesOf((await stack.up()).outputs));
}

/**
 * A stack `test` of a program in a folder of its own: one that fails ends, while an inline one waits for what never is.
 * The program is TypeScript and may import `./components`. It is written anew by `program` before each run.
 */
export async function programStack(project: string, program: () => string): Promise<TestStack> {
  const filters = [`label=${labels.project}=${project}`];
  await removeByLabels(filters);
  const [state, folder] = [0, 1].map(() => mkdtempSync(join(tmpdir(), "private-registry-test-")));
  if (state === undefined || folder === undefined) throw new Error("there is no folder");
  for (const shared of ["components", "node_modules", "package.json", "tsconfig.json"])
    symlinkSync(join(repository, shared), join(folder, shared));
  const write = () => writeFileSync(join(folder, "program.ts"), program());
  const yaml = {
    name: project,
    runtime: { name: "nodejs", options: { typescript: false } },
    main: "main.js",
  };
  // The TypeScript of Pulumi keeps nothing of what it has compiled, and takes twice as long to load the library.
  writeFileSync(join(folder, "main.js"), 'require("tsx/cjs");\nmodule.exports = require("./program.ts");\n');
  writeFileSync(join(folder, "Pulumi.yaml"), stringify(yaml));
  const env = { ...environment, PULUMI_BACKEND_URL: `file://${state}` };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", workDir: folder },
    { envVars: env },
  );
  const { up, failingUp, ...others } = methods(stack, filters, [folder, state], () => upOf(stack));
  const written =
    <Result>(run: () => Promise<Result>) =>
    () => {
      write();
      return run();
    };
  return { ...others, up: written(up), failingUp: written(failingUp) };
}

/** A stack of `infra/`. Several share one state folder if it is given. */
export async function infraStack(
  name: string,
  config: StackConfig,
  stateFolder = mkdtempSync(join(tmpdir(), "private-registry-test-")),
): Promise<InfraStack> {
  const filters = [`label=${labels.project}=private-registry`, `label=${labels.stack}=${name}`];
  await removeByLabels(filters);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-project-"));
  for (const shared of ["infra", "components", "node_modules", "package.json", "tsconfig.json"]) {
    symlinkSync(join(repository, shared), join(folder, shared));
  }
  copyFileSync(join(repository, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  mkdirSync(stateFolder, { recursive: true });
  const env = { ...environment, PULUMI_BACKEND_URL: `file://${stateFolder}` };
  const configure = (next: StackConfig) =>
    writeFileSync(join(folder, `Pulumi.${name}.yaml`), stringify(stackFile(next)));
  configure(config);
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: name, workDir: folder },
    { envVars: env },
  );
  const all = methods(stack, filters, [folder, stateFolder], () => upOf(stack));
  return { ...all, cli: { cwd: folder, env }, configure };
}

/** The engine started twice; the Automation API starts it four times for an `up`. */
async function upOf({ name, workspace }: Stack): Promise<Record<string, unknown>> {
  const { workDir: cwd, envVars: env } = workspace;
  const run = (...args: string[]) =>
    output(["pulumi", ...args, "--stack", name, "--non-interactive"], { cwd, env });
  await run("up", "--yes", "--skip-preview");
  return JSON.parse(await run("stack", "output", "--json", "--show-secrets"));
}

function methods(
  stack: Stack,
  filters: readonly string[],
  folders: readonly string[],
  up: TestStack["up"],
): TestStack {
  const forget = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  return {
    stack,
    up,
    async failingUp() {
      let error: unknown;
      await up().catch((reason) => {
        error = reason;
      });
      if (error === undefined) throw new Error("the up succeeded");
      return String(error);
    },
    async expectNoChanges() {
      await stack.preview({ expectNoChanges: true });
    },
    async remove() {
      await removeByLabels(filters);
      forget();
    },
    forget,
  };
}

function valuesOf(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
}

/** Ids of everything that carries all of these labels, kind by kind. */
export async function foundByLabels(filters: readonly string[]): Promise<{ [kind: string]: string[] }> {
  const found: { [kind: string]: string[] } = {};
  for (const [kind, list] of [
    ["container", ["container", "ls", "-a", "-q"]],
    ["network", ["network", "ls", "-q"]],
    ["volume", ["volume", "ls", "-q"]],
  ] as const) {
    const filter = filters.flatMap((each) => ["--filter", each]);
    found[kind] = (await output(["docker", ...list, ...filter])).split("\n").filter(Boolean);
  }
  return found;
}

/** Removes all that carries all of these labels. */
export async function removeByLabels(filters: readonly string[]): Promise<void> {
  for (const [kind, ids] of Object.entries(await foundByLabels(filters))) {
    if (ids.length > 0) {
      await output(["docker", kind, "rm", ...(kind === "container" ? ["-f", "-v"] : []), ...ids]);
    }
  }
}

/** Id and start of a container: they stay as long as nobody replaces or restarts it. */
export async function identityOf(container: string): Promise<string> {
  return output(["docker", "inspect", "-f", "{{.Id}} {{.State.StartedAt}} {{.RestartCount}}", container]);
}

/** Its address in its first network, past every published port. */
export async function addressOf(container: string): Promise<string> {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
  return (await output(["docker", "inspect", "-f", format, container])).split(" ")[0] ?? "";
}
