import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Context } from "../context";
import { attach, type Environment } from "../process";
import { problem } from "../say";
import { setUpMachine } from "../setup";
import { type Programs, preparePrograms } from "../setup/packages";
import { testFilesIn } from "../testFiles";
import { lint } from "./lint";

/** Programs that the tests use. */
const testPrograms: Programs = [
  ["ip", "iproute2"],
  ["nsenter", "util-linux"],
  ["skopeo", "skopeo"],
  ["podman", "podman"],
  ["buildah", "buildah"],
  ["ctr", "containerd"],
  ["update-ca-certificates", "ca-certificates"],
  ["shellcheck", "shellcheck"],
  ["busybox", "busybox"],
  ["dash", "dash"],
  ["python3", "python3"],
  ["jq", "jq"],
  ["openssl", "openssl"],
  ["sslscan", "sslscan"],
  ["haproxy", "haproxy"],
  ["curl", "curl"],
  ["kubectl", "kubernetes-client"],
  ["rootlesskit", "rootlesskit"],
  ["pgrep", "procps"],
  ["pebble", "pebble"],
  ["strace", "strace"],
  ["faketime", "faketime"],
  ["nbdkit", "nbdkit"],
  ["nbdfuse", "libnbd-bin"],
  ["chromium", "chromium"],
  ["rclone", "rclone"],
  ["ssh-keygen", "openssh-client"],
];

/** Everything: set-up, lint, then all tests in one run, so that its summary counts them all. */
export async function test(context: Context, args: readonly string[]): Promise<number> {
  // Without backend and passphrase: a test brings its own, and must never reach a stack of the user.
  const environment = await setUpMachine(context, { docker: true, images: true });
  await prepareTestPrograms();
  const failed = await lint(context);
  if (failed) return failed;
  return runTests(
    context,
    ["unit", "component", "integration"],
    // Two files at a time on any machine: each mostly waits, and has names and ports of its own.
    ["--test-concurrency=2", ...args],
    environment,
  );
}

/** Unit and component tests: nothing but Node and the npm dependencies, half a minute. */
export function testUnit(context: Context, args: readonly string[]): Promise<number> {
  const concurrency = `--test-concurrency=${availableParallelism()}`;
  // A test that runs a program finds none, on this machine as on a bare one.
  const environment = { ...process.env, PATH: "/nowhere" };
  return runTests(context, ["unit", "component"], [concurrency, ...args], environment);
}

/** Ensures the programs that the tests use. */
export function prepareTestPrograms(): Promise<void> {
  return preparePrograms("the tests", testPrograms);
}

async function runTests(
  { projectDirectory }: Context,
  folders: readonly string[],
  args: readonly string[],
  environment: Environment,
): Promise<number> {
  // Files named on the command line stand for themselves: npm test -- test/unit/tools/salt.test.ts
  const named = args.filter((argument) => argument.endsWith(".test.ts"));
  const files = named.length > 0 ? named : folders.flatMap((folder) => testFiles(projectDirectory, folder));
  if (files.length === 0)
    throw problem(`no test file in ${folders.map((folder) => `test/${folder}`).join(", ")}`);
  const options = args.filter((argument) => !named.includes(argument));
  const all = ["--import", "tsx", "--test", "--test-reporter=spec", ...options, ...files];
  return attach(process.execPath, all, { directory: projectDirectory, environment });
}

/** A folder with a file of its name beside it runs as that file: all its tests in one process. */
function testFiles(projectDirectory: string, folder: string): string[] {
  const all = join("test", `${folder}.ts`);
  if (existsSync(join(projectDirectory, all))) return [all];
  return testFilesIn(join(projectDirectory, "test", folder)).map((name) => join("test", folder, name));
}
