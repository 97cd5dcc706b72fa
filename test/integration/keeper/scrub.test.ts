import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { run, start } from "../../../tools/shell";
import { type Image, imageOf, layerOf } from "../../support/keeperStress/images";
import { collectOnce, type Keeper, makeKeeper } from "../../support/keeperStress/keeperProcess";
import { type PlainClient, plainClient } from "../../support/keeperStress/plainClient";
import { type RegistryProcess, startRegistry } from "../../support/registryProcess";
import { randomOf } from "../../support/walk/random";

const port = 18676;
const manner = { random: randomOf("scrub"), pause: 0 };
const shared = layerOf("shared");
const [one, other, whole] = [
  imageOf([shared, layerOf("one")], "one"),
  imageOf([shared, layerOf("other")], "other"),
  imageOf([layerOf("whole")], "whole"),
];

describe("silent damage on the disk", () => {
  let folder: string;
  let registry: RegistryProcess;
  let client: PlainClient;
  let keeper: Keeper;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "private-registry-scrub-"));
    registry = await startRegistry({ dataFolder: join(folder, "data"), listen: `127.0.0.1:${port}` });
    client = plainClient("127.0.0.1", port);
    keeper = keeperOf("keeper");
    await client.push("n/b", "one", one, manner);
    await client.push("n/b", "other", other, manner);
    await client.push("n/c", "whole", whole, manner);
  });

  afterEach(async () => {
    client.close();
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const keeperOf = (name: string, scrubBytesPerSecond = Number.MAX_SAFE_INTEGER) =>
    makeKeeper(join(folder, name), {
      dataFolder: join(folder, "data"),
      controlFolder: join(folder, name, "control"),
      ...{ graceSeconds: 1, settleSeconds: 0.3, undoSeconds: 1, minimumTrashSeconds: 1, uploadSeconds: 60 },
      ...{ retention: [], scrubDays: 1, scrubBytesPerSecond },
    });
  const dataOf = (digest: string) =>
    join(folder, "data/docker/registry/v2/blobs/sha256", digest.slice(7, 9), digest.slice(7), "data");
  const flip = (digest: string) => {
    const bytes = readFileSync(dataOf(digest));
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    writeFileSync(dataOf(digest), bytes);
  };
  const job = async (name: string) => {
    const { status, stderr } = await keeper.step(name).done;
    assert.equal(status, 0, stderr);
  };
  const problem = (): string | undefined =>
    JSON.parse(readFileSync(join(keeper.settings.controlFolder, "state/status.json"), "utf8")).problem;
  const blob = (digest: string) => client.ask("GET", `/v2/n/b/blobs/${digest}`);
  const pulls = async (...images: [tag: string, image: Image][]) => {
    for (const [tag, { digest }] of images) assert.equal((await client.pull("n/b", tag)).digest, digest);
  };

  it("in a layer is an error and no wrong bytes within one round, and goes by a push", async () => {
    flip(shared.digest);
    assert.notDeepEqual((await blob(shared.digest)).body, shared.content, "the registry reads what is there");
    await job("scrub");
    assert.equal((await blob(shared.digest)).status, 404);
    assert.match(
      problem() ?? "",
      new RegExp(`${shared.digest} of n/b:one and n/b:other\\. Push the images again`),
    );
    assert.equal((await client.pull("n/c", "whole")).digest, whole.digest);
    await client.push("n/b", "again", one, manner);
    await job("quarantine");
    assert.equal(problem(), undefined);
    await pulls(["one", one], ["other", other], ["again", one]);
  });

  it("in a manifest is an error, too, stops a collection, and goes by a push", async () => {
    flip(one.digest);
    await job("scrub");
    assert.equal((await client.ask("GET", "/v2/n/b/manifests/one")).status, 404);
    assert.match(problem() ?? "", new RegExp(`${one.digest} of n/b:one\\.`));
    assert.notEqual((await keeper.step("mark").done).status, 0, "nobody knows what the tag needs");
    await pulls(["other", other]);
    await client.push("n/b", "one", one, manner);
    await job("quarantine");
    assert.match(problem() ?? "", /^the collection stopped: [^;]*$/, "until one comes to its end");
    await collectOnce(keeper);
    assert.equal(problem(), undefined);
    await pulls(["one", one]);
  });

  it("is not mended by a push where nobody has taken it away: why it must be", async () => {
    flip(shared.digest);
    await client.push("n/b", "again", one, manner);
    assert.notDeepEqual((await blob(shared.digest)).body, shared.content);
  });

  it("is found by a reader that was killed in between and goes on", async () => {
    flip(shared.digest);
    const slow = keeperOf("keeper", 2000);
    const running = slow.step("scrub");
    await sleep(1500);
    running.child.kill("SIGKILL");
    await running.done;
    keeper = keeperOf("keeper");
    await job("scrub");
    assert.ok(!existsSync(dataOf(shared.digest)));
    assert.match(problem() ?? "", /damaged on the disk/);
  });

  it("is looked for beside pulls with less than five hundredths of the processors", async (t) => {
    const large = imageOf([layerOf("small")], "large");
    await client.push("n/b", "large", large, manner);
    for (let number = 0; number < 4; number++) {
      const content = randomBytes(40_000_000);
      const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
      const { location } = await client.ask("POST", "/v2/n/b/blobs/uploads/");
      const { pathname, search } = new URL(location, `http://127.0.0.1:${port}`);
      assert.equal((await client.ask("PUT", `${pathname}${search}&digest=${digest}`, content)).status, 201);
    }
    const measured = keeperOf("measured", 20_000_000);
    const meter = join(folder, "cpu.cjs");
    writeFileSync(
      meter,
      'process.on("exit", () => console.log(JSON.stringify([process.cpuUsage(), process.uptime()])));',
    );
    const files = [join(folder, "measured/keeper.js"), join(folder, "measured/settings.json")];
    assert.ok(measured.settings.scrubDays);
    let goesOn = true;
    let pulled = 0;
    const load = (async () => {
      while (goesOn) {
        await pulls(["one", one], ["other", other]);
        pulled++;
      }
    })();
    const { status, stdout, stderr } = await start([process.execPath, "--require", meter, ...files, "scrub"])
      .done;
    goesOn = false;
    await load;
    assert.equal(status, 0, stderr);
    const [{ user, system }, seconds] = JSON.parse(stdout);
    const processors = Number((await run(["nproc"])).stdout);
    const share = (user + system) / 1e6 / seconds / processors;
    assert.ok(seconds > 7 && pulled > 10, `${seconds} s, ${pulled} pulls`);
    t.diagnostic(
      `${(100 * share).toFixed(1)} % of ${processors} processors, 160 MB in ${seconds.toFixed(1)} s`,
    );
    assert.ok(share < 0.05, `${share}`);
  });
});
