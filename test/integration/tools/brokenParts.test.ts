import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Fault, Host } from "../../support/faults/fault";
import { faults } from "../../support/faults/faults";
import { closeHost, openHost } from "../../support/faults/host";
import { takeFault } from "../../support/faults/takeFault";

/** Of each kind one: the long test has all. */
const some = [
  "the process of the proxy is killed (-9)",
  "the registry has no memory left, and the kernel kills in its container",
  "everything is killed at once (-9), in the middle of pushes",
  "the disk is full",
  "a blob is deleted from the disk",
];

describe("a part that breaks while people push and pull", () => {
  let host: Host;
  before(async () => {
    host = await openHost("faults-short", () => {});
  });
  after(async () => {
    if (host) await closeHost(host);
  });

  const named = (name: string): Fault | undefined => faults.find((fault) => fault.name === name);
  for (const name of some)
    it(name, async () => {
      const fault = named(name);
      assert.ok(fault);
      const { problem, asked } = await takeFault(host, fault);
      assert.equal(problem, undefined, host.world.log);
      assert.ok(asked > 10);
    });
});
