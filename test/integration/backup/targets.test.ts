import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { restoreBackup } from "../../../tools/restore";
import { linesOf, type RestoreKeys } from "../../../tools/restore/keys";
import { fetchBackup, rebuildFromList } from "../../../tools/restore/steps";
import { output, type Running, start, until } from "../../../tools/shell";
import { type BackupStand, makeBackupStand, sizeOf, treeSize } from "../../support/backupStand";
import { imageOf, layerOf } from "../../support/keeperStress/images";
import { type PlainClient, plainClient } from "../../support/keeperStress/plainClient";
import { startRegistry } from "../../support/registryProcess";
import { randomOf } from "../../support/walk/random";

const [port, otherPort, sftpPort] = [18678, 18679, 18687];
const manner = { random: randomOf("backup"), pause: 0 };

describe("a backup under a loop of pushes and retags", () => {
  let stand: BackupStand;
  let client: PlainClient;
  let keys: RestoreKeys;
  let traffic: Promise<void>;
  let goesOn = true;
  const known = new Map<string, string>();
  const earlier = new Map<string, string>();
  const target = () => join(stand.folder, "target");

  before(async () => {
    stand = await makeBackupStand("backup", port);
    client = plainClient("127.0.0.1", port);
    let number = 0;
    const push = async () => {
      const repository = number % 2 === 0 ? "team/app" : "other";
      const image = imageOf([layerOf("shared"), layerOf(`layer-${number}`)], `${number}`);
      // The first ones are never pushed again.
      const tag = number < 20 ? `kept-${number}` : `t${number % 20}`;
      number++;
      await client.push(repository, tag, image, manner);
      known.set(`${repository}:${tag}`, image.digest);
    };
    while (number < 60) await push();
    traffic = (async () => {
      while (goesOn) {
        await push();
        await sleep(50);
      }
    })();
    mkdirSync(target());
    keys = await stand.begin({ folder: target() });
  });

  after(async () => {
    goesOn = false;
    await traffic;
    client?.close();
    await stand?.remove();
  });

  const faultsOf = async (place: string, from: RestoreKeys = keys): Promise<string[]> => {
    const said: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
    try {
      await assert.rejects(restoreBackup(stand.restoreTo(place), from), /nothing of it is in use/);
    } finally {
      process.stderr.write = write;
    }
    assert.deepEqual(readdirSync(join(stand.folder, place)), [".restoring"]);
    return said;
  };
  const largePacks = (folder: string): string[] =>
    readdirSync(join(folder, "data"), { recursive: true, encoding: "utf8" })
      .map((file) => join(folder, "data", file))
      .filter((file) => /[0-9a-f]{64}$/.test(file) && sizeOf(file) > 5_000_000);
  /**
   * The keys of a copy of the target in which all large packs were changed: one of them alone may be what the backup that
   * was killed left, which no index names and nobody reads.
   */
  const damaged = (name: string, damage: (pack: string) => void): RestoreKeys => {
    const folder = join(stand.folder, name);
    cpSync(target(), folder, { recursive: true });
    const packs = largePacks(folder);
    assert.ok(packs.length >= 2, `${packs.length} packs`);
    for (const pack of packs) damage(pack);
    return { ...keys, folder };
  };
  const flip = (pack: string): void => {
    const bytes = readFileSync(pack);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(pack, bytes);
  };

  it("that is killed half-way is taken up again, and leaves no lock", async () => {
    await stand.keeper.step("backup-list").done;
    // So large that the kill meets it at work.
    const large = randomBytes(50_000_000);
    const { location } = await client.ask("POST", "/v2/other/blobs/uploads/");
    const { pathname, search } = new URL(location, `http://127.0.0.1:${port}`);
    const digest = hashOf(large);
    assert.equal((await client.ask("PUT", `${pathname}${search}&digest=${digest}`, large)).status, 201);
    const number = stand.order("backup");
    await until(
      "it copies",
      async () => existsSync(join(target(), "data")) && treeSize(join(target(), "data")) > 5_000_000,
      30,
    );
    await stand.kill();
    assert.equal((await stand.ended(number)).state, "ok");
    assert.deepEqual(readdirSync(join(target(), "locks")), []);
  });

  it("has every tag that was there before it began, and is proven before a registry sees it", async () => {
    for (const [reference, digest] of known) earlier.set(reference, digest);
    await stand.backup();
    await restoreBackup(stand.restoreTo("new"), keys);
    const other = await startRegistry({
      dataFolder: join(stand.folder, "new"),
      listen: `127.0.0.1:${otherPort}`,
    });
    const reader = plainClient("127.0.0.1", otherPort);
    try {
      for (const [reference, digest] of earlier) {
        const [repository = "", tag = ""] = reference.split(":");
        const found = await reader.pull(repository, tag);
        // One that was pushed again while the list was made may be either.
        if (known.get(reference) === digest) assert.equal(found.digest, digest, reference);
      }
      assert.ok(earlier.size >= 40);
    } finally {
      reader.close();
      await other.stop();
    }
  });

  it("is refused for a flipped byte and for a file that is cut short, with the tags that they hit", async () => {
    const flipped = (await faultsOf("from-flipped", damaged("flipped", flip))).join("");
    assert.match(flipped, /not all of the backup can be read/);
    const cut = damaged("cut", (pack) => truncateSync(pack, 1000));
    assert.match((await faultsOf("from-cut", cut)).join(""), /not all of the backup can be read/);
    assert.match(flipped, /^Restore: sha256:[0-9a-f]{64} has other content than its digest says$/m);
  });

  it("is refused where a snapshot is cut short, and no older one is taken for the newest", async () => {
    const folder = join(stand.folder, "no-snapshot");
    cpSync(target(), folder, { recursive: true });
    const snapshots = join(folder, "snapshots");
    const named = (file: string) => statSync(join(snapshots, file)).mtimeMs;
    const [newest = ""] = readdirSync(snapshots).sort((a, b) => named(b) - named(a));
    truncateSync(join(snapshots, newest), 50);
    const restored = restoreBackup(stand.restoreTo("from-no-snapshot"), { ...keys, folder });
    await assert.rejects(
      restored,
      new RegExp(`the backup cannot be read: .*failed to load snapshot ${newest.slice(0, 8)}`),
    );
    assert.deepEqual(readdirSync(join(stand.folder, "from-no-snapshot")), []);
  });

  it("is refused for a link that is missing and for a layer that changed after it was brought", async () => {
    const place = stand.restoreTo("by-hand");
    assert.equal((await fetchBackup(place, keys)).status, 0);
    const { digest } = layerOf("shared");
    const list = join(stand.folder, "by-hand/.restoring/control/backup/list.jsonl");
    const lines = readFileSync(list, "utf8").split("\n");
    const without = lines
      .filter((line) => !line.includes(`other/_layers/sha256/${digest.slice(7)}`))
      .join("\n");
    writeFileSync(
      list,
      without.replace(/"links":(\d+)/, (_, count) => `"links":${count - 1}`),
    );
    const missing = await rebuildFromList(place);
    assert.equal(missing.status, 1);
    assert.match(
      missing.stderr,
      new RegExp(`the layer ${digest} has no link in the repository, which other:`),
    );
    writeFileSync(list, lines.join("\n"));
    const blob = join(
      stand.folder,
      "by-hand/.restoring/docker/registry/v2/blobs/sha256",
      digest.slice(7, 9),
      digest.slice(7),
      "data",
    );
    const bytes = readFileSync(blob);
    bytes[9] = (bytes[9] ?? 0) ^ 1;
    writeFileSync(blob, bytes);
    const changed = await rebuildFromList(place);
    assert.match(
      changed.stderr,
      new RegExp(`the layer ${digest} has other content than its digest says, which `),
    );
  });

  it("gives back single blobs", async () => {
    const { digest, content } = layerOf("shared");
    const none = `sha256:${"0".repeat(64)}`;
    const { state, lines } = await stand.ended(stand.order("fetch", digest, none, "sha256:../../x"));
    assert.deepEqual([state, lines], ["ok", [none, ""]]);
    assert.deepEqual(readFileSync(join(stand.folder, "control/backup/blobs", digest.slice(7))), content);
  });

  it("says why it fails, and makes no new repository where there was one", async () => {
    const moved = join(stand.folder, "elsewhere");
    await output(["sh", "-c", `mkdir ${moved} && mv ${target()}/* ${moved}`]);
    const { state, lines } = await stand.ended(stand.order("backup"));
    await output(["sh", "-c", `mv ${moved}/* ${target()}`]);
    assert.equal(state, "failed");
    assert.match(lines[0] ?? "", /has no backups any more\. Is its disk mounted\?/);
  });

  it("is read once a week, a part of it each time, and what is damaged is told until it is right", async () => {
    const file = join(stand.folder, "control/backup/checked");
    const week = Math.floor(Date.now() / 604_800_000);
    const checked = () => readFileSync(file, "utf8").trim();
    const problem = async () => (await stand.ended(stand.order("backup"))).lines[2];
    assert.match(checked(), /^\d+ 0$/, "a new one has its first week before it");
    writeFileSync(file, "1 20");
    assert.equal(await problem(), "");
    assert.equal(checked(), `${week} 1`, "after the last part the first");
    const [pack = ""] = largePacks(target());
    const whole = readFileSync(pack);
    // restic puts a pack into a part by the first byte of its name.
    const part = (Number.parseInt(basename(pack).slice(0, 2), 16) % 20) + 1;
    flip(pack);
    writeFileSync(file, `1 ${part - 1}`);
    const told =
      /^the backup is there, but the folder .* cannot be read as a whole: .*contains errors; see A damaged/;
    assert.match((await problem()) ?? "", told);
    assert.match((await problem()) ?? "", told, "it is read again the next day");
    writeFileSync(pack, whole);
    assert.equal(await problem(), "");
    assert.equal(checked(), `${week} ${part}`);
  });

  it("goes to another machine by SFTP, and comes back from there", async () => {
    const files = join(stand.folder, "ssh");
    mkdirSync(files);
    for (const name of ["host", "user"])
      await output(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(files, name)]);
    const text = (name: string) => readFileSync(join(files, name), "utf8").trim();
    mkdirSync(join(files, "served"));
    const server: Running = start([
      ...["rclone", "serve", "sftp", join(files, "served"), "--addr", `127.0.0.1:${sftpPort}`],
      ...[
        "--key",
        join(files, "host"),
        "--authorized-keys",
        join(files, "user.pub"),
        "--config",
        "/dev/null",
      ],
    ]);
    const sftp = {
      host: "127.0.0.1",
      port: sftpPort,
      user: "backup",
      folder: "/registry",
      hostKeys: [text("host.pub")],
    };
    try {
      const remote = await stand.begin({ sftp }, { sshPrivateKey: text("user") });
      await stand.backup();
      assert.ok(existsSync(join(files, "served/registry/config")));
      const host = { ...remote, lines: linesOf({ ...remote, sshPrivateKey: text("user") }) };
      await restoreBackup({ ...stand.restoreTo("from-sftp"), network: "host" }, host);
      assert.deepEqual(readdirSync(join(stand.folder, "from-sftp")).sort(), [
        ".private-registry-data",
        "docker",
      ]);
    } finally {
      server.child.kill();
      await server.done;
    }
  });
});

function hashOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
