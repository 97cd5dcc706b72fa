import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serves } from "../../support/walk/invariants";
import { kinds } from "../../support/walk/kinds";
import { randomOf } from "../../support/walk/random";
import { report } from "../../support/walk/report";
import { begin, closeWorld, openWorld } from "../../support/walk/stack";
import { takeStep } from "../../support/walk/step";
import type { World } from "../../support/walk/world";

/** A few of each sort, so that the short form says something about all of them; the seed chooses the values. */
const route = [
  "front",
  "the process of a server dies",
  "own certificate",
  "timeZone: no such zone",
  "a server is removed",
  "kill -9 of the engine during an up",
  "an older state is restored",
];
const seed = "short";

describe("a random walk over changes and faults, short form", () => {
  let world: World;

  before(async () => {
    world = await openWorld("walk-short");
    await begin(world, () => {});
  });

  after(async () => {
    if (world) await closeWorld(world);
  });

  for (const [index, name] of route.entries()) {
    const number = index + 1;
    it(`${number}: ${name}`, async (test) => {
      const kind = kinds.find((each) => each.name === name) ?? assert.fail(`there is no kind "${name}"`);
      assert.ok(kind.fits?.(world) ?? true, "it can be done at this place of the walk");
      const record = await takeStep(world, number, kind, randomOf(seed, "step", number));
      test.diagnostic(
        `${record.what}; ${record.seconds.toFixed(0)} s, gap ${record.gapSeconds.toFixed(1)} s`,
      );
      assert.equal(
        record.violation,
        undefined,
        record.violation && (await report(world, record, "this file")),
      );
      await serves(world);
    });
  }
});
