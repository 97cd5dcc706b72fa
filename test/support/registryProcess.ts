import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { imageFromEnvironment, imageNames } from "../../components/docker/imageNames";
import { DescriptorCache } from "../../components/registry/args";
import { resolvedRegistryOptions } from "../../components/registry/defaults";
import { registryConfig } from "../../components/registry/registryConfig";
import { output, until } from "../../tools/shell";
import { askSocket, type RequestOptions } from "./client";

export interface RegistryProcessOptions {
  /** The folder of the images; it is made if need be. */
  readonly dataFolder: string;
  readonly cache?: DescriptorCache;
  /** Address and port of plain HTTP in place of a unix socket. */
  readonly listen?: string;
  /** Words before the registry's own, such as those of strace. */
  readonly under?: readonly string[];
}

/** The real registry as a process of this machine, with the configuration that our stacks give it. */
export interface RegistryProcess {
  readonly dataFolder: string;
  readonly pid: number;
  readonly configFile: string;
  /** Sends one request to its socket. */
  ask(path: string, options?: RequestOptions): ReturnType<typeof askSocket>;
  /** Runs its own `garbage-collect` on another folder of images. */
  collect(dataFolder: string, ...flags: readonly string[]): Promise<string>;
  /** Stops it where it stands, and lets it go on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** The program out of the image, kept for the next test. */
export async function registryProgram(): Promise<string> {
  const image = imageFromEnvironment("registry") ?? imageNames.registry.official;
  const id = await output(["docker", "image", "inspect", "--format", "{{.Id}}", image]);
  const folder = join(homedir(), ".cache/private-registry-test", `registry-${id.slice(-12)}`);
  const program = join(folder, "registry");
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const container = await output(["docker", "create", image]);
  try {
    const mine = `${program}.${process.pid}`;
    await output(["docker", "cp", `${container}:/bin/registry`, mine]);
    renameSync(mine, program);
  } finally {
    await output(["docker", "rm", container]);
  }
  return program;
}

export async function startRegistry(options: RegistryProcessOptions): Promise<RegistryProcess> {
  const { dataFolder, under = [], listen } = options;
  const program = await registryProgram();
  const folder = mkdtempSync(join(tmpdir(), "private-registry-process-"));
  mkdirSync(dataFolder, { recursive: true });
  const socketPath = join(folder, "socket");
  const configFile = join(folder, "config.yml");
  writeFileSync(configFile, configOf(options, dataFolder, socketPath));
  const [first = program, ...words] = [...under, program, "serve", configFile];
  // It writes a line for each thing that it does not have.
  const log = openSync(join(folder, "log"), "a");
  const child = spawn(first, words, {
    stdio: ["ignore", log, log],
    env: { ...process.env, OTEL_TRACES_EXPORTER: "none" },
  });
  const ask = (path: string, request?: RequestOptions) => askSocket(socketPath, path, request);
  const isUp = async () =>
    listen === undefined
      ? (await ask("/v2/").catch(() => undefined))?.status === 200
      : (await fetch(`http://${listen}/v2/`).catch(() => undefined))?.status === 200;
  await until("the registry answers", isUp);
  return {
    dataFolder,
    pid: child.pid ?? 0,
    configFile,
    ask,
    async collect(copy, ...flags) {
      const config = join(folder, `collect-${process.hrtime.bigint()}.yml`);
      writeFileSync(config, configOf({ dataFolder: copy }, copy, socketPath));
      return output([program, "garbage-collect", ...flags, config], {
        env: { OTEL_TRACES_EXPORTER: "none" },
      });
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    async stop() {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One that was frozen sees no signal but to go on. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGCONT");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await end;
  clearTimeout(late);
}

function configOf(
  { cache, listen }: Partial<RegistryProcessOptions>,
  rootDirectory: string,
  socketPath: string,
): string {
  return registryConfig({
    options: resolvedRegistryOptions({ cache: cache ?? DescriptorCache.None, drainSeconds: 1 }),
    httpSecret: "of a test",
    socketPath,
    debugAddress: "127.0.0.1:0",
    rootDirectory,
    overrides: listen === undefined ? {} : { http: { net: "tcp", addr: listen } },
  });
}
