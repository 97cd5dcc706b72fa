import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Running, start } from "../../../tools/shell";
import { imageOf, layerOf } from "../../support/keeperStress/images";
import { type Keeper, makeKeeper } from "../../support/keeperStress/keeperProcess";
import { type PlainClient, plainClient } from "../../support/keeperStress/plainClient";
import { type RegistryProcess, startRegistry } from "../../support/registryProcess";
import { randomOf } from "../../support/walk/random";

const [port, otherPort] = [18678, 18679];
const manner = { random: randomOf("backup"), pause: 0 };

describe("a backup by restic under a loop of pushes and retags", () => {
  let folder: string;
  let registry: RegistryProcess;
  let client: PlainClient;
  let keeper: Keeper;
  const known = new Map<string, string>();
  const before_ = new Map<string, string>();
  let goesOn = true;
  let traffic: Promise<void>;

  const data = () => join(folder, "data");
  const list = () => join(keeper.settings.controlFolder, "backup/list.jsonl");
  const environment = () => ({
    RESTIC_REPOSITORY: join(folder, "repository"),
    RESTIC_PASSWORD: "a password",
    RESTIC_CACHE_DIR: join(folder, "cache"),
  });
  const restic = (...words: string[]): Running =>
    start(["restic", "--quiet", ...words], { env: environment() });
  const must = async (running: Running) => {
    const { status, stdout, stderr } = await running.done;
    assert.equal(status, 0, `${stdout}${stderr}`);
    return stdout;
  };
  /** The list and the blobs, in one snapshot. */
  const snapshot = () => restic("backup", list(), join(data(), "docker/registry/v2/blobs"));
  const settings = (name: string) => ({
    dataFolder: join(folder, name),
    controlFolder: join(folder, `${name}-control`),
    ...{
      graceSeconds: 60,
      settleSeconds: 1,
      undoSeconds: 60,
      minimumTrashSeconds: 60,
      uploadSeconds: 60,
      retention: [],
    },
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "private-registry-backup-"));
    registry = await startRegistry({ dataFolder: data(), listen: `127.0.0.1:${port}` });
    client = plainClient("127.0.0.1", port);
    keeper = makeKeeper(join(folder, "keeper"), settings("data"));
    await must(restic("init"));
    let number = 0;
    const push = async () => {
      const tag = `t${number % 40}`;
      const image = imageOf([layerOf("shared"), layerOf(`layer-${number}`)], `${number++}`);
      const repository = number % 2 === 0 ? "team/app" : "other";
      await client.push(repository, tag, image, manner);
      known.set(`${repository}:${tag}`, image.digest);
    };
    while (number < 80) await push();
    traffic = (async () => {
      while (goesOn) await push();
    })();
  });
  after(async () => {
    goesOn = false;
    await traffic;
    client.close();
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Restores the newest snapshot into a new folder, and rebuilds the registry there. */
  async function restored(name: string, damage: (target: string, control: string) => void = () => {}) {
    const raw = join(folder, `${name}-raw`);
    await must(restic("restore", "latest", "--target", raw));
    const target = makeKeeper(join(folder, `${name}-keeper`), settings(name));
    mkdirSync(join(folder, name, "docker/registry/v2"), { recursive: true });
    mkdirSync(join(target.settings.controlFolder, "backup"), { recursive: true });
    renameSync(join(raw, data(), "docker/registry/v2/blobs"), join(folder, name, "docker/registry/v2/blobs"));
    renameSync(join(raw, list()), join(target.settings.controlFolder, "backup/list.jsonl"));
    damage(join(folder, name), join(target.settings.controlFolder, "backup/list.jsonl"));
    return { target, proof: await target.step("rebuild").done };
  }

  it("that is killed half-way leaves nothing that counts, and is taken up again", async () => {
    await must(keeper.step("backup-list"));
    const killed = snapshot();
    await sleep(150);
    killed.child.kill("SIGKILL");
    await killed.done;
    await must(restic("unlock", "--remove-all"));
    for (const [reference, digest] of known) before_.set(reference, digest);
    await must(keeper.step("backup-list"));
    await must(snapshot());
    await must(restic("check", "--read-data"));
  });

  it("has every tag that was there before it began, and a registry on it serves them", async () => {
    const { proof } = await restored("new");
    assert.equal(proof.status, 0, proof.stderr);
    assert.match(proof.stdout, /^whole: \d+ tags, \d+ links\n$/);
    const other = await startRegistry({ dataFolder: join(folder, "new"), listen: `127.0.0.1:${otherPort}` });
    const reader = plainClient("127.0.0.1", otherPort);
    try {
      for (const [reference, digest] of before_) {
        const [repository = "", tag = ""] = reference.split(":");
        const { digest: found } = await reader.pull(repository, tag);
        // Pushed again while the list was made, it may be that one.
        if (known.get(reference) === digest) assert.equal(found, digest, reference);
      }
      assert.ok(before_.size >= 40);
    } finally {
      reader.close();
      await other.stop();
    }
  });

  it("is not put in use with a flipped byte or a list that was cut short", async () => {
    const flipped = await restored("flipped", (target) => {
      const blobs = join(target, "docker/registry/v2/blobs/sha256");
      const largest = layerOf("shared").digest.slice(7);
      const path = join(blobs, largest.slice(0, 2), largest, "data");
      const bytes = readFileSync(path);
      bytes[9] = (bytes[9] ?? 0) ^ 1;
      writeFileSync(path, bytes);
      assert.ok(readdirSync(blobs).length > 0);
    });
    assert.equal(flipped.proof.status, 1);
    assert.match(
      flipped.proof.stderr,
      /the layer sha256:[0-9a-f]{64} has other content than its digest says, which /,
    );
    const cut = await restored("cut", (_, path) => writeFileSync(path, readFileSync(path).subarray(0, 5000)));
    assert.equal(cut.proof.status, 1);
    assert.match(cut.proof.stderr, /the list of the backup is not whole/);
  });
});
