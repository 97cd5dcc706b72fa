import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { newData, notice, projectRefusal, refusal } from "../../../tools/recovery/data";
import { earlierProject, volumeType } from "../../../tools/state";
import { context, listed, resource, snapshot } from "../../support/dockerHost";

const name = "p-dev-main-data";
const old = listed("p-old-main-data", "data");
const stateWith = (volume: string) =>
  snapshot({ ...resource("data", volume, { type: volumeType }), outputs: { name: volume } });

test("data that is there already, on a path or in an object store makes nothing new", () => {
  assert.equal(newData(context, {}, undefined, [listed(name, "data")]), undefined);
  assert.equal(newData(context, { storage: { volumeName: old.name } }, undefined, [old]), undefined);
  assert.equal(newData(context, { storage: { hostPath: "/srv" } }, undefined, []), undefined);
  assert.equal(newData(context, { storage: { s3: { bucket: "b12" } } }, undefined, []), undefined);
  const registryConfigOverrides = { storage: { s3: { bucket: "b" } } };
  assert.equal(newData(context, { registryConfigOverrides }, undefined, []), undefined);
});

test("a new stack, and one that asks for another volume, get new data", () => {
  const fresh = { name, previous: undefined, unasked: undefined, keepsPrevious: true };
  assert.deepEqual(newData(context, { storage: {} }, undefined, [old]), fresh);
  const settings = { storage: { volumeName: "typo" }, keepDataOnDestroy: false };
  assert.deepEqual(newData(context, settings, stateWith(old.name), [old]), {
    name: "typo",
    previous: old.name,
    unasked: undefined,
    keepsPrevious: false,
  });
});

test("a stack that was renamed, or whose data has gone, would get new data unasked", () => {
  assert.deepEqual(newData(context, {}, stateWith(old.name), [old]), {
    name,
    previous: old.name,
    unasked: "renamed",
    keepsPrevious: true,
  });
  assert.deepEqual(newData(context, {}, stateWith(name), [old]), {
    name,
    unasked: "gone",
    keepsPrevious: true,
  });
});

test("the refusal has the line that keeps the images, and the one that leaves them", () => {
  const text = refusal("new", { name, previous: old.name, unasked: "renamed", keepsPrevious: true });
  const line = `npm run -s pulumi -- --stack new config set --path settings.storage.volumeName ${old.name}`;
  assert.ok(text.includes(`\n  ${line}\n`));
  assert.ok(text.endsWith("\n  npm run up -- --stack new --new-data"));
  const gone = refusal("dev", { name, unasked: "gone", keepsPrevious: true });
  assert.ok(gone.startsWith(`the volume ${name} with the images of this stack is not on this Docker host.`));
  assert.ok(
    gone.includes("\n  npm run -s pulumi -- config set dockerHost ssh://root@registry.example.com\n"),
  );
  assert.doesNotMatch(gone, /dockerHost in the settings/);
  assert.ok(gone.endsWith("\n  npm run up -- --new-data"));
});

test("a project that was renamed is known by the state under its old name", () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), "private-registry-state-"));
  const write = (project: string, resources: unknown[]) => {
    const folder = join(stateDirectory, ".pulumi/stacks", project);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "dev.json"), JSON.stringify({ checkpoint: { latest: { resources } } }));
  };
  const of = (project: string) =>
    earlierProject({ ...context, project, stateDirectory, projectDirectory: "", cacheDirectory: "" });
  try {
    assert.equal(of("p"), undefined);
    write("p", [{ urn: "u" }]);
    write("empty", []);
    assert.equal(of("p"), undefined);
    assert.equal(of("q"), "p");
  } finally {
    rmSync(stateDirectory, { recursive: true });
  }
  const text = projectRefusal("q", "dev", "p");
  assert.match(text, /^this project was named p until now, and stack "dev" still exists under that name/);
  assert.ok(text.includes(`config set --path settings.storage.volumeName ${name}\n`));
});

test("before a new volume is made the unused ones are named with their stack and size", () => {
  const lines = notice("dev", { name, keepsPrevious: true }, [old], new Map([[old.name, "1.2GB"]]));
  assert.deepEqual(lines, [
    `Data: the volume ${name} is made now, new and empty.`,
    `Data: ${old.name} (project p, stack dev, 1.2GB) is not in use. To have its images here, now or later:\n` +
      `  npm run -s pulumi -- config set --path settings.storage.volumeName ${old.name}`,
  ]);
});
