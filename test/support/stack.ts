import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { defaultProxyImage, defaultRegistryImage } from "../../components/defaultImages";
import { output } from "./shell";

/** Images of the machine: set-up names local stand-ins where the official ones cannot be had. */
export const registryImage = process.env.PRIVATE_REGISTRY_REGISTRY_IMAGE ?? defaultRegistryImage;
export const proxyImage = process.env.PRIVATE_REGISTRY_PROXY_IMAGE ?? defaultProxyImage;
export const images = { registryImage, proxyImage };

/** A stack of a test on the real engine, with a state folder of its own. */
export interface TestStack {
  readonly project: string;
  readonly stack: Stack;
  /** Labels by which everything of the project is found. */
  readonly filter: string;
  /** Runs another program as the same stack. */
  program(program: PulumiFn): void;
  up(): Promise<Record<string, unknown>>;
  /** Error text of an `up` that must fail. */
  failingUp(): Promise<string>;
  /** Asserts that nothing would change. */
  expectNoChanges(): Promise<void>;
  /** Destroys the stack and removes what it keeps. */
  remove(): Promise<void>;
}

const passphrase = "a passphrase for tests";

/** Makes a stack in a project of its own; what a former killed run left of that project is removed first. */
export async function testStack(
  project: string,
  program: PulumiFn,
  options: { stack?: string; stateFolder?: string; dockerHost?: string } = {},
): Promise<TestStack> {
  const filter = `label=private-registry.project=${project}`;
  const docker = dockerCommand(options.dockerHost);
  if (options.stateFolder === undefined) {
    await removeByLabel(docker, filter);
  }
  const folder = options.stateFolder ?? mkdtempSync(join(tmpdir(), "private-registry-test-"));
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: options.stack ?? "test", projectName: project, program },
    {
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        ...(options.dockerHost && { DOCKER_HOST: options.dockerHost }),
      },
    },
  );
  return {
    project,
    stack,
    filter,
    program(next) {
      stack.workspace.program = next;
    },
    async up() {
      const result = await stack.up();
      return Object.fromEntries(Object.entries(result.outputs).map(([key, { value }]) => [key, value]));
    },
    async failingUp() {
      try {
        await stack.up();
      } catch (error) {
        return String(error);
      }
      throw new Error("the up succeeded");
    },
    async expectNoChanges() {
      await stack.preview({ expectNoChanges: true });
    },
    async remove() {
      await stack.destroy();
      await removeByLabel(docker, filter);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function dockerCommand(host?: string): string[] {
  return host === undefined ? ["docker"] : ["docker", "-H", host];
}

/** Removes containers, networks and volumes that carry a label. */
async function removeByLabel(docker: readonly string[], filter: string): Promise<void> {
  const kinds = [
    { list: ["ps", "-aq"], remove: ["rm", "-f"] },
    { list: ["network", "ls", "-q"], remove: ["network", "rm"] },
    { list: ["volume", "ls", "-q"], remove: ["volume", "rm"] },
  ];
  for (const { list, remove } of kinds) {
    const found = (await output([...docker, ...list, "--filter", filter])).split("\n").filter(Boolean);
    if (found.length > 0) {
      await output([...docker, ...remove, ...found]);
    }
  }
}

/** Id and start time of a container: both stay the same as long as nobody replaces or restarts it. */
export async function identityOf(container: string): Promise<string> {
  return output(["docker", "inspect", "-f", "{{.Id}} {{.State.StartedAt}} {{.RestartCount}}", container]);
}
