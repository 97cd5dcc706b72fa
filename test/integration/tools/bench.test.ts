import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Report, Result } from "../../../bench/report";
import { output } from "../../../tools/shell";
import { foundByLabels } from "../../../tools/temporaryStack";

const repository = resolve(__dirname, "../../..");

describe("npm run bench -- --quick", () => {
  const results = mkdtempSync(join(tmpdir(), "private-registry-bench-test-"));
  let report: Report;
  let table: string;

  before(async () => {
    table = await output(["npm", "run", "-s", "bench", "--", "--quick", "--results", results], {
      cwd: repository,
    });
    report = JSON.parse(readFileSync(join(results, "latest.json"), "utf8"));
  });
  after(() => rmSync(results, { recursive: true, force: true }));

  const named = (name: string): Result => {
    const found = report.results.find((result) => result.name === name);
    assert.ok(found, `there is a figure ${name}`);
    return found;
  };

  it("takes every figure", () => {
    assert.deepEqual(report.failures, []);
    for (const name of [
      "pullCpu",
      "pushCpu",
      "smallPullCpu",
      "smallPushCpu",
      "requestCpu16",
      "requestRate128",
    ])
      for (const target of ["seed", "native", "plain"])
        assert.ok(named(name).ratios[target], `${name}, ${target}`);
    for (const name of ["pullCpu", "pushCpu"]) assert.ok(named(name).ratios.nativeHttp2, name);
    for (const name of ["crowdP99", "frontMemoryPush", "frontMemoryCrowd", "expiryDip", "floodRateKept"])
      assert.ok(Number.isFinite(named(name).medians.ours), name);
    for (const name of ["coldUp", "noOpUp", "noOpUpCpu", "manyUsersUp"])
      assert.ok(Number.isFinite(named(name).medians.ours), name);
    for (const name of ["floorSha256", "floorAes"]) assert.ok((named(name).medians.machine ?? 0) > 0, name);
  });

  it("has a finite ratio of ours over every other target", () => {
    for (const { name, ratios } of report.results)
      for (const [target, { median, least, most }] of Object.entries(ratios)) {
        assert.ok(Number.isFinite(median) && median >= 0, `${name} over ${target}`);
        assert.ok(least <= median && median <= most, `${name} over ${target}`);
      }
  });

  it("says when, where and with what it was taken", () => {
    assert.match(report.date, /^\d{4}-\d\d-\d\dT/);
    assert.equal(report.command, `npm run bench -- --quick --results ${results}`);
    assert.equal(report.rounds, 2);
    assert.match(report.versions.nginx ?? "", /nginx\/1\./);
    assert.ok(Number(report.machine.cores) > 0 && report.machine.cpu !== "");
  });

  it("draws a picture and prints a table", () => {
    const svg = readFileSync(join(results, "latest.svg"), "utf8");
    assert.match(svg, /^<svg [^>]*role="img"/);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
    for (const title of ["Pull of one large blob, CPU", "Push of one large blob, CPU"])
      assert.ok(table.includes(`| ${title} `), title);
  });

  it("leaves nothing behind", async () => {
    for (const label of ["private-registry.bench=true", "private-registry.project=private-registry-bench"])
      assert.deepEqual(
        await foundByLabels([`label=${label}`]),
        { container: [], network: [], volume: [] },
        label,
      );
    assert.equal(
      existsSync("/dev/shm") && (await output(["ls", "/dev/shm"])).includes("private-registry-bench-"),
      false,
    );
  });
});
