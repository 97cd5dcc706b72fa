import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { takeDown } from "../../../tools/commands/down";

const volume = "shop-dev-main-data";

describe("down --purge", () => {
  let folder: string;
  let calls: string;
  let questions: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "private-registry-down-"));
    calls = join(folder, "calls");
    questions = [];
    mock.method(process.stderr, "write", () => true);
    program("pulumi", "");
    program(
      "docker",
      `case "$*" in "volume ls"*) printf '${volume}\\t${volume}\\tshop\\tdev\\tdata\\n' ;; esac`,
    );
    const state = join(folder, ".pulumi-state/.pulumi/stacks/shop/dev.json");
    mkdirSync(dirname(state), { recursive: true });
    writeFileSync(state, "{}");
  });

  afterEach(() => {
    mock.restoreAll();
    rmSync(folder, { recursive: true });
  });

  /** A program that notes how it was called. */
  function program(name: string, script: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> ${calls}\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  /** What was called that changes something, after an answer; without one nothing is asked. */
  async function changes(answer?: string): Promise<string[]> {
    const context = {
      ...{ project: "shop", stack: "dev", projectDirectory: folder },
      ...{ stateDirectory: join(folder, ".pulumi-state"), cacheDirectory: folder },
    };
    const ask = async (question: string) => {
      questions.push(question);
      return answer ?? "";
    };
    const environment = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const wish = { purge: true, args: [], ...(answer !== undefined && { ask }) };
    assert.equal(await takeDown(context, environment, wish), 0);
    return readFileSync(calls, "utf8")
      .split("\n")
      .filter((line) => /^pulumi| rm /.test(line));
  }

  const all = [
    "pulumi destroy --yes",
    "pulumi stack rm dev --yes --preserve-config",
    `docker volume rm ${volume}`,
  ];

  test("asks before anything is destroyed, and a no changes nothing", async () => {
    for (const answer of ["no", ""]) assert.deepEqual(await changes(answer), []);
    assert.equal(
      questions[0],
      `Destroy stack "dev", and delete ${volume} with every image in it? Type "yes": `,
    );
    assert.ok(existsSync(join(folder, ".pulumi-state/.pulumi/stacks/shop/dev.json")));
  });

  test("destroys and purges after a yes, and without a question where that is given", async () => {
    assert.deepEqual(await changes("yes"), all);
    rmSync(calls);
    assert.deepEqual(await changes(), all);
    assert.equal(questions.length, 1);
  });

  test("purges what an earlier down has kept, after a question of its own", async () => {
    rmSync(join(folder, ".pulumi-state"), { recursive: true });
    assert.deepEqual(await changes("no"), []);
    assert.deepEqual(await changes("yes"), [`docker volume rm ${volume}`]);
    assert.equal(questions[0], `Delete ${volume} with every image in it? Type "yes": `);
  });
});
