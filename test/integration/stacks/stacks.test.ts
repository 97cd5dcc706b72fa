import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PrivateRegistry } from "../../../components";
import {
  foundByLabels,
  type InfraStack,
  identityOf,
  images,
  infraStack,
  type TestStack,
  testStack,
} from "../../../tools/temporaryStack";
import { skopeo } from "../../support/skopeo";

/** A client for what a stack printed. */
function clientOf(endpoint: unknown, ca: unknown, credentials: unknown) {
  const [login = []] = Object.entries(credentials as Record<string, string>);
  return skopeo(String(endpoint), String(ca), login.join(":"));
}

describe("two registries in one stack", () => {
  let stack: TestStack;

  before(async () => {
    stack = await testStack("pair", async () => {
      const common = { hostnames: ["127.0.0.1"], bindAddress: "127.0.0.1", ...images };
      const one = new PrivateRegistry("one", { ...common, port: 18450 });
      const two = new PrivateRegistry("two", { ...common, port: 18451 });
      return {
        one: [one.endpoint, one.caCertificate, one.credentials],
        two: [two.endpoint, two.caCertificate, two.credentials],
      };
    });
  });

  after(() => stack?.remove());

  it("serve their own images under their own authority, and a second preview is empty", async () => {
    const outputs = await stack.up();
    const [one, two] = [outputs.one, outputs.two].map((values) => {
      const [endpoint, ca, credentials] = values as unknown[];
      return clientOf(endpoint, ca, credentials);
    });
    assert.ok(one && two);
    const digest = await one.push("team/app:1", [1000]);
    assert.equal(await one.digest("team/app:1"), digest);
    const missing = await two.pull("team/app:1");
    assert.match(missing.stderr, /manifest unknown/);
    await stack.expectNoChanges();
    await stack.stack.refresh();
    await stack.expectNoChanges();
    for (const client of [one, two]) client.remove();
  });
});

describe("the same program as two stacks on one Docker host", () => {
  const config = (port: number) => ({ hostnames: ["127.0.0.1"], port, bindAddress: "127.0.0.1" });
  const filters = (name: string) => [
    "label=private-registry.project=private-registry",
    `label=private-registry.stack=${name}`,
  ];
  let dev: InfraStack;
  let prod: InfraStack;
  let digest: string;

  before(async () => {
    const state = mkdtempSync(join(tmpdir(), "private-registry-test-"));
    dev = await infraStack("pair-dev", config(18452), state);
    prod = await infraStack("pair-prod", config(18453), state);
  });

  after(async () => {
    // Both are in one state folder, which goes with the first that is removed.
    await prod?.stack.destroy();
    await dev?.remove();
    prod?.forget();
  });

  async function client(stack: InfraStack) {
    const { endpoint, caCertificate, credentials } = await stack.up();
    return clientOf(endpoint, caCertificate, credentials);
  }

  it("has its own data in each", async () => {
    const [inDev, inProd] = [await client(dev), await client(prod)];
    digest = await inDev.push("team/app:1", [1000]);
    assert.match((await inProd.pull("team/app:1")).stderr, /manifest unknown/);
    for (const each of [inDev, inProd]) each.remove();
  });

  it("leaves no container, network or volume of a destroyed stack but the kept data, and the other untouched", async () => {
    const before = await identityOf("private-registry-pair-prod-main-registry");
    await dev.stack.destroy();
    assert.deepEqual(await foundByLabels(filters("pair-dev")), {
      container: [],
      network: [],
      volume: ["private-registry-pair-dev-main-data"],
    });
    assert.equal(await identityOf("private-registry-pair-prod-main-registry"), before);
  });

  it("finds the images again with the next up", async () => {
    const again = await client(dev);
    assert.equal(await again.digest("team/app:1"), digest);
    again.remove();
  });

  it("keeps nothing if the stack says so", async () => {
    prod.configure({ ...config(18453), keepDataOnDestroy: false });
    await prod.up();
    await prod.stack.destroy();
    assert.deepEqual(await foundByLabels(filters("pair-prod")), { container: [], network: [], volume: [] });
  });
});
