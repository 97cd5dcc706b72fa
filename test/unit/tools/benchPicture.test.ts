import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { finding, picture } from "../../../bench/output/picture";
import type { Report, Result } from "../../../bench/report";

const folder = resolve(__dirname, "../../../bench/results");
const report: Report = JSON.parse(readFileSync(join(folder, "latest.json"), "utf8"));

/** A result with a ratio of ours to the recipe. */
function of(title: string, median: number): Result {
  const spread = { median, least: median, most: median };
  return { name: "x", title, unit: "ms", samples: {}, medians: {}, ratios: { seed: spread }, verdicts: [] };
}

test("the title of the picture says what was found, of processor time alone", () => {
  assert.equal(
    finding([of("A, CPU", 0.4), of("B, CPU", 0.03), of("Memory", 0.9)]),
    "Takes 2.5 to 33 times less processor time than a usual nginx recipe",
  );
  assert.equal(
    finding([of("A, CPU", 0.4), of("B, CPU", 1.1)]),
    "Takes 0.40 to 1.10 of the processor time of a usual nginx recipe",
  );
  assert.equal(finding([]), "Cost of serving beside a usual nginx recipe");
});

test("the committed picture is the one of the committed figures", () => {
  assert.equal(readFileSync(join(folder, "latest.svg"), "utf8"), picture(report));
});

test("no label runs across the line of the recipe", () => {
  const line = Number(/class="one" x1="(\d+)"/.exec(picture(report))?.[1]);
  const labels = [...picture(report).matchAll(/class="note" x="([\d.]+)" y="\d+">([\d.]+ \([^<]*\))/g)];
  assert.equal(labels.length, 16);
  for (const [, x = "", text = ""] of labels) {
    const [begin, end] = [Number(x), Number(x) + text.length * 6.6];
    assert.ok(end < line || begin > line, text);
  }
});
