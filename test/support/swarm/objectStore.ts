import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../../tools/shell";
import { versitygw } from "../goPrograms";

/** An S3 store in memory, and what it was asked for. */
export interface ObjectStore {
  readonly endpoint: string;
  readonly bucket: string;
  readonly keys: { readonly accessKey: string; readonly secretKey: string };
  /** How often a node fetched bytes of this blob. */
  fetches(digest: string, node: string): number;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const port = 7070;

/** Starts a store on this address of the host, with an empty bucket. */
export async function objectStore(address: string): Promise<ObjectStore> {
  const [program = ""] = await versitygw();
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : "/tmp", "private-registry-s3-"));
  const bucket = "registry";
  const keys = { accessKey: "registrykey", secretKey: "registrysecret" };
  mkdirSync(join(folder, "data", bucket), { recursive: true });
  mkdirSync(join(folder, "side"));
  const log = join(folder, "access.log");
  let server: ChildProcess | undefined;
  const store: ObjectStore = {
    endpoint: `http://${address}:${port}`,
    bucket,
    keys,
    fetches: (digest, node) =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter(
          (line) =>
            line.includes(" s3_GetObject ") &&
            line.includes(`${digest.slice("sha256:".length)}/data`) &&
            line.includes(`] ${node} `),
        ).length,
    async start() {
      const listen = ["--port", `${address}:${port}`, "--region", "us-east-1", "--access-log", log];
      const posix = ["posix", "--sidecar", join(folder, "side"), join(folder, "data")];
      server = spawn(program, [...listen, ...posix], {
        stdio: "ignore",
        env: { ...process.env, ROOT_ACCESS_KEY: keys.accessKey, ROOT_SECRET_KEY: keys.secretKey },
      });
      const asked = () =>
        fetch(store.endpoint).then(
          () => true,
          () => false,
        );
      await until("the store answers", asked);
    },
    async stop() {
      const running = server;
      server = undefined;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const ended = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGKILL");
      await ended;
    },
    async remove() {
      await store.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await store.start();
  return store;
}
