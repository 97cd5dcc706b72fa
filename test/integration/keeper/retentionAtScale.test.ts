import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { layoutOf, tagIndexLink, tagLink } from "../../../components/keeper/program/layout";
import { output } from "../../../tools/shell";
import { digestOf } from "../../support/registryTree";

/** Writes tags as the registry does, pushed one a quarter of an hour, the last now. */
function pushTags(folder: string, repository: string, names: readonly string[]): void {
  const layout = layoutOf(join(folder, "data"));
  const now = Date.now() / 1000;
  for (const [index, name] of names.entries()) {
    const digest = digestOf(`${index % 50}`);
    const time = now - (names.length - index) * 900;
    for (const path of [tagIndexLink(layout, repository, name, digest), tagLink(layout, repository, name)]) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, digest);
      utimesSync(path, time, time);
    }
  }
}

const numbered = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => name(index));

test("20,000 tags in one repository and as many in 2,000 others are judged in a minute and 200 MB", async (t) => {
  // In memory: on a disk that is busy, most of the time is that of making and removing 200,000 folders.
  const folder = mkdtempSync("/dev/shm/keeper-scale-");
  try {
    pushTags(
      folder,
      "big",
      numbered(20_000, (index) => (index % 10 === 0 ? `v1.${index}` : `pr-${index}`)),
    );
    for (const repository of numbered(2000, (index) => `team-${index % 40}/app-${index}`)) {
      pushTags(
        folder,
        repository,
        numbered(10, (index) => `pr-${index}`),
      );
    }
    const script = join(__dirname, "../../support/keeper/retentionAtScale.ts");
    // Beside the heap there are Node itself and what loads TypeScript.
    const text = await output([
      process.execPath,
      "--max-old-space-size=120",
      "--import",
      "tsx",
      script,
      folder,
    ]);
    t.diagnostic(text);
    const { nights, left, megabytes } = JSON.parse(text);
    for (const seconds of nights) assert.ok(seconds < 60, `${seconds} s`);
    assert.ok(megabytes < 200, `${megabytes} MB`);
    assert.equal(left, 40_000 - 6_000 - 8_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
