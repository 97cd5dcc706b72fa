import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { output, type Result, type RunOptions, run } from "../../tools/shell";
import { removeByLabels } from "../../tools/temporaryStack";

/** A fresh clone of what is committed, with a stack of its own that git does not see. */
export interface Clone {
  readonly folder: string;
  readonly stack: string;
  /** Runs one of README's npm commands on the stack. */
  npm(script: string, ...args: string[]): Promise<Result>;
  /** The same, and it must succeed. Answers all that it wrote. */
  must(script: string, ...args: string[]): Promise<string>;
  /** The same, and it must fail. Answers all that it wrote. */
  refused(script: string, ...args: string[]): Promise<string>;
  /** Takes the stack down with its data, and the clone away. */
  remove(): Promise<void>;
}

/** A clone for this stack, whose commands run in `env` too. What a killed run left of it is removed first. */
export async function clone(stack: string, port: number, env: RunOptions["env"] = {}): Promise<Clone> {
  await sweep(stack);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-clone-"));
  await output(["git", "clone", "--quiet", resolve(__dirname, "../.."), folder]);
  const file = `Pulumi.${stack}.yaml`;
  const config = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8").replace("5443", String(port));
  writeFileSync(join(folder, file), config);
  appendFileSync(join(folder, ".git/info/exclude"), `${file}\n`);
  const npm = (script: string, ...args: string[]) =>
    run(["npm", "run", script, "--", "--stack", stack, ...args], { cwd: folder, env });
  return {
    folder,
    stack,
    npm,
    async must(script, ...args) {
      const { status, stdout, stderr } = await npm(script, ...args);
      assert.equal(status, 0, `npm run ${script}:\n${stdout}${stderr}`);
      return stdout + stderr;
    },
    async refused(script, ...args) {
      const { status, stdout, stderr } = await npm(script, ...args);
      assert.notEqual(status, 0, `npm run ${script} succeeded:\n${stdout}${stderr}`);
      return stdout + stderr;
    },
    async remove() {
      await npm("down", "--purge", "--yes");
      await sweep(stack);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Removes everything on the Docker host that carries the labels of a stack. */
export async function sweep(stack: string): Promise<void> {
  const labels = ["project=private-registry", `stack=${stack}`];
  await removeByLabels(labels.map((each) => `label=private-registry.${each}`));
}
