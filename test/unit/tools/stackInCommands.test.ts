import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { storeRefusal } from "../../../tools/recovery/changedStore";
import { projectRefusal } from "../../../tools/recovery/data";
import { volumeType } from "../../../tools/state";
import { resource, snapshot } from "../../support/dockerHost";

const project = resolve(__dirname, "../../..");

/** A command on a stack, or on one that is filled in, and what chooses the stack directly behind it. */
const command =
  /npm run (?:-s )?(?:up|down|start|stop|restart|status|show|images|prove|restore|collect|move|backup-state|restore-state|pulumi|\$\{\w+\})(?![\w-])/g;
const choice = /^(?:\$\{optionOf\(| --\$\{stackOption\()/;

/** The code of a file, without its comments. */
function codeOf(path: string): string {
  return readFileSync(path, "utf8")
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
}

test("every command that is printed for somebody to type names the stack it is about", () => {
  let found = 0;
  for (const folder of ["tools", "infra"])
    for (const name of readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.(ts|mjs|cjs)$/.test(name)) continue;
      const code = codeOf(join(project, folder, name));
      for (const { 0: text, index } of code.matchAll(command)) {
        found += 1;
        const rest = code.slice(index + text.length).slice(0, 40);
        assert.match(rest, choice, `${folder}/${name}: ${text}${rest}`);
      }
    }
  assert.ok(found > 25, String(found));
});

test("the stack stands before further words, and nothing stands there for dev", () => {
  const kept = snapshot({ ...resource("data", "images", { type: volumeType }), retainOnDelete: false });
  const inBucket = { storage: { s3: { bucket: "images" } } };
  assert.match(storeRefusal("prod", inBucket, kept) ?? "", /: npm run up -- --stack prod --new-data$/);
  assert.match(storeRefusal("dev", inBucket, kept) ?? "", /: npm run up -- --new-data$/);
  assert.match(projectRefusal("q", "prod", "p"), /run "npm run down -- --stack prod": the images stay/);
  assert.match(projectRefusal("q", "dev", "p"), /run "npm run down": the images stay/);
});
