import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, start, until } from "../../tools/shell";
import { versitygw } from "./goPrograms";
import { hostInBridge } from "./hostInBridge";

/** An S3 store of this machine, on a folder, for containers in Docker's own network. */
export interface S3Server {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Folder of the buckets: each is one in it, and an object a file. */
  readonly folder: string;
  /** File with a line for each request, if that was asked for. */
  readonly accessLog: string;
  makeBucket(name: string): void;
  /** A user who may do nothing yet. */
  makeUser(name: string, secret: string): Promise<void>;
  /** Lets a user do this with a bucket and with what is in it, and nothing else. */
  setPolicy(
    bucket: string,
    user: string,
    ofBucket: readonly string[],
    ofObjects: readonly string[],
  ): Promise<void>;
  /** Ends it, as a store that is away. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** How it is started. */
export interface S3Choice {
  /** Address of this machine to listen on. Defaults to that in Docker's own network. */
  readonly host?: string;
  /** Folder for all that it keeps. Defaults to the one for temporary files. */
  readonly parent?: string;
  /** Whether it writes down what it is asked for, in `accessLog`. Defaults to false. */
  readonly logs?: boolean;
}

export async function startS3(
  port: number,
  { host, parent = tmpdir(), logs = false }: S3Choice = {},
): Promise<S3Server> {
  const [program = ""] = await versitygw();
  const address = `${host ?? (await hostInBridge())}:${port}`;
  const folder = mkdtempSync(join(parent, "private-registry-s3-"));
  const at = (name: string) => join(folder, name);
  for (const name of ["buckets", "side", "users"]) mkdirSync(at(name));
  const [accessKey, secretKey] = ["an-access-key", "hunter22-of-the-store"];
  let running: ReturnType<typeof start> | undefined;
  const server: S3Server = {
    endpoint: `http://${address}`,
    accessKey,
    secretKey,
    folder: at("buckets"),
    accessLog: at("access.log"),
    makeBucket: (name) => mkdirSync(join(at("buckets"), name)),
    async makeUser(name, secret) {
      const login = ["--access", accessKey, "--secret", secretKey, "--endpoint-url", server.endpoint];
      const user = ["--access", name, "--secret", secret, "--role", "user"];
      await output([program, "admin", ...login, "create-user", ...user]);
    },
    async setPolicy(bucket, user, ofBucket, ofObjects) {
      const allow = (Action: readonly string[], Resource: string) =>
        Action.length === 0 ? [] : [{ Effect: "Allow", Principal: { AWS: [user] }, Action, Resource }];
      const Statement = [
        ...allow(ofBucket, `arn:aws:s3:::${bucket}`),
        ...allow(ofObjects, `arn:aws:s3:::${bucket}/*`),
      ];
      const signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", `${accessKey}:${secretKey}`];
      const body = [
        "--request",
        "PUT",
        "--data-binary",
        JSON.stringify({ Version: "2012-10-17", Statement }),
      ];
      const header = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"];
      // With the equals sign, which curl 7 needs to sign it right.
      const url = `${server.endpoint}/${bucket}?policy=`;
      await output(["curl", "--silent", "--show-error", "--fail", ...signed, ...header, ...body, url]);
    },
    async stop() {
      running?.child.kill();
      await running?.done;
      running = undefined;
    },
    async start() {
      const args = [
        ...["--port", address, "--iam-dir", at("users"), ...(logs ? ["--access-log", server.accessLog] : [])],
        ...["posix", "--sidecar", at("side"), at("buckets")],
      ];
      running = start([program, ...args], {
        env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
      });
      await until("the store answers", async () => {
        const answer = await fetch(`http://${address}/`).catch(() => undefined);
        return answer?.status === 403;
      });
    },
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
