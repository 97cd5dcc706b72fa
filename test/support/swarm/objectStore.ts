import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { type S3Server, startS3 } from "../s3Server";

/** An S3 store in memory with a bucket, and what it was asked for. */
export interface ObjectStore extends S3Server {
  readonly bucket: string;
  /** How often a node fetched bytes of this blob. */
  fetches(digest: string, node: string): number;
}

const port = 7070;

/** Starts a store on this address of the host, with an empty bucket. */
export async function objectStore(host: string): Promise<ObjectStore> {
  const parent = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const server = await startS3(port, { host, parent, logs: true });
  const bucket = "registry";
  server.makeBucket(bucket);
  return {
    ...server,
    bucket,
    fetches: (digest, node) =>
      readFileSync(server.accessLog, "utf8")
        .split("\n")
        .filter(
          (line) =>
            line.includes(" s3_GetObject ") &&
            line.includes(`${digest.slice("sha256:".length)}/data`) &&
            line.includes(`] ${node} `),
        ).length,
  };
}
