import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start, until } from "../../tools/shell";
import { versitygw } from "./goPrograms";
import { hostInBridge } from "./hostInBridge";

/** An S3 store of this machine, on a folder, for containers in Docker's own network. */
export interface S3Server {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Folder of the buckets: each is one in it, and an object a file. */
  readonly folder: string;
  /** What it has written for its objects. */
  makeBucket(name: string): void;
  /** Ends it, as a store that is away. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startS3(port: number): Promise<S3Server> {
  const [program = ""] = await versitygw();
  const address = `${await hostInBridge()}:${port}`;
  const folder = mkdtempSync(join(tmpdir(), "private-registry-s3-"));
  const at = (name: string) => join(folder, name);
  for (const name of ["buckets", "side"]) mkdirSync(at(name));
  const [accessKey, secretKey] = ["an-access-key", "hunter22-of-the-store"];
  let running: ReturnType<typeof start> | undefined;
  const server: S3Server = {
    endpoint: `http://${address}`,
    accessKey,
    secretKey,
    folder: at("buckets"),
    makeBucket: (name) => mkdirSync(join(at("buckets"), name)),
    async stop() {
      running?.child.kill();
      await running?.done;
      running = undefined;
    },
    async start() {
      const args = ["--port", address, "posix", "--sidecar", at("side"), at("buckets")];
      running = start([program, ...args], {
        env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
      });
      await until("the store answers", async () => (await fetch(`http://${address}/`)).status === 403);
    },
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Whether there is such a file. */
export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
