import assert from "node:assert/strict";
import { it } from "node:test";
import { mainJob } from "../../support/mainJob";

it("a clone does its job with today's Node and the newest packages of Pulumi", async () => {
  assert.match(await mainJob({ node: "24", sdk: "newest" }, 18462), /^Node v24\..* with @pulumi\/pulumi 3\./);
});
