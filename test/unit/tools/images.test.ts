import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { stringify } from "yaml";
import { missing } from "../../../tools/commands/images";

const folder = mkdtempSync(join(tmpdir(), "private-registry-images-"));
after(() => rmSync(folder, { recursive: true }));

/** What is said of a stack with these settings that has no such command. */
function said(settings: object, stack = "dev"): string {
  const config = { "private-registry:settings": settings };
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
  const folders = { projectDirectory: folder, stateDirectory: folder, cacheDirectory: folder };
  return missing({ project: "private-registry", stack, ...folders });
}

test("a front without a proxy is named, with one that has a proxy", () => {
  for (const front of ["direct", "none"])
    assert.match(
      said({ front }),
      new RegExp(`^settings.front: "${front}" has no proxy .* write "nginx", then npm run up$`),
    );
});

test("a keeper that was left out is named, with the stack", () => {
  assert.match(
    said({ keeper: { enabled: false } }, "prod"),
    /^settings.keeper.enabled: is false, .* then npm run up -- --stack prod$/,
  );
});

test("a bucket is named, which has no keeper, with the command that gives space back", () => {
  assert.equal(
    said({ storage: { s3: { bucket: "images" } } }, "prod"),
    "settings.storage.s3: images in a bucket have no keeper; to give space back: npm run collect -- --stack prod",
  );
});

test("where neither is said, the next up makes a keeper or tells why not", () => {
  for (const settings of [{}, { front: "waf" }, { keeper: { enabled: true } }])
    assert.match(
      said(settings),
      /^the stack "dev" has no keeper, .*: npm run up creates one, or tells you why not$/,
    );
});
