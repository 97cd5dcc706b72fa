import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { counted, minuteText, sizeText, someOf, table } from "../../../components/keeper/program/format";

describe("what the keeper shows to people", () => {
  test("has a size in the unit that makes it short", () => {
    const [KiB, MiB, GiB] = [1024, 1024 ** 2, 1024 ** 3];
    const sizes: readonly [number, string][] = [
      [0, "0 B"],
      [1023, "1023 B"],
      [KiB, "1.0 KiB"],
      [12.34 * MiB, "12.3 MiB"],
      [1023.94 * MiB, "1023.9 MiB"],
      [1023.96 * MiB, "1.0 GiB"],
      [5000 * GiB, "4.9 TiB"],
      [5_000_000 * GiB, "4882.8 TiB"],
    ];
    for (const [bytes, text] of sizes) assert.equal(sizeText(bytes), text);
  });

  test("has times in UTC to the minute", () => {
    assert.equal(minuteText(Date.UTC(2026, 2, 1, 3, 30, 59)), "2026-03-01T03:30Z");
  });

  test("counts with the right noun, and names some of many", () => {
    assert.equal(counted(1, "tag"), "1 tag");
    assert.equal(counted(20_000, "tag"), "20,000 tags");
    assert.equal(counted(0, "repository", "repositories"), "0 repositories");
    assert.equal(someOf([]), "");
    assert.equal(someOf(["a"]), "a");
    assert.equal(someOf(["a", "b", "c"]), "a, b and c");
    assert.equal(someOf(["a", "b", "c", "d"], 2), "a, b and 2 more");
  });

  test("aligns columns, and ends no line with spaces", () => {
    assert.equal(
      table(
        ["NAME", "SIZE|", "REST"],
        [
          ["long name", "1 B", ""],
          ["n", "100 B", "x"],
        ],
      ),
      "NAME        SIZE  REST\nlong name    1 B\nn          100 B  x\n",
    );
  });
});
