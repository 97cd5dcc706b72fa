// What takes too long for `npm test`: a stack under traffic, its backup killed half-way, and another Docker host.
import assert from "node:assert/strict";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { restoreBackup } from "../../tools/restore";
import { linesOf } from "../../tools/restore/keys";
import { output, start, until } from "../../tools/shell";
import {
  backupImage,
  keeperImage,
  proxyImage,
  registryImage,
  removeByLabels,
} from "../../tools/temporaryStack";
import { makeBackupStand, treeSize } from "./backupStand";
import { createConsumerMachine, namesOf } from "./consumerMachine";
import { versitygw } from "./goPrograms";
import { imageOf, layerOf } from "./keeperStress/images";
import { plainClient } from "./keeperStress/plainClient";
import { PrintedPage } from "./printedPage";
import { skopeo } from "./skopeo";
import { randomOf } from "./walk/random";

const project = "private-registry-disaster";
const [port, s3Port, registryPort] = [21692, 18688, 18686];
const hostname = "registry.test";
const address = `${hostname}:${port}`;
const machineName = "backup";

/** Answers what was found, for the table of proofs. */
export async function runBackupProof(say: (line: string) => void): Promise<string> {
  const moved = await onAnotherHost(say);
  return `${moved}; ${await runStoreProof(say)}`;
}

async function onAnotherHost(say: (line: string) => void): Promise<string> {
  const target = mkdtempSync(join(tmpdir(), "private-registry-target-"));
  const edit = (text: string) =>
    text
      .replace(/^ *- 127\.0\.0\.1\n/m, "")
      .replace("- localhost", `- ${hostname}`)
      .replace("bindAddress: 127.0.0.1", "bindAddress: 0.0.0.0");
  const pages = [0, 1].map(
    () =>
      new PrintedPage(
        "docs/backup.md",
        project,
        port,
        `    backup: { folder: ${target} }\n    clientAddress: 127.0.0.1\n`,
        edit,
      ),
  );
  const [first, second] = pages;
  assert.ok(first && second);
  const machine = await createConsumerMachine(machineName, "");
  try {
    await first.up();
    const password = await first.shell.run("npm run -s show -- credentials admin");
    const ca = await first.npm("run", "-s", "show", "--", "caCertificate");
    const clientAt = (ip: string) => skopeo(address, ca, `admin:${password}`, `${ip} ${hostname}\n`);
    const client = clientAt(machine.hostAddress);
    const known = new Map<string, string>();
    let number = 0;
    const push = async () => {
      const tag = number < 10 ? `team/app:kept-${number}` : `team/app:t${number % 10}`;
      number++;
      known.set(tag, await client.push(tag, [2000, 3000]));
    };
    while (number < 20) await push();
    let goesOn = true;
    const traffic = (async () => {
      while (goesOn) await push();
    })();
    await client.push("team/large:1", [60_000_000, 60_000_000]);
    say(`${known.size} tags, under pushes and retags`);
    const running = start(["npm", "run", "-s", "images", "--", "backup"], { cwd: first.folder });
    const data = join(target, "data");
    await until("it copies", async () => existsSync(data) && treeSize(data) > 8_000_000, 120);
    const pid = await output([
      "docker",
      "inspect",
      "--format",
      "{{.State.Pid}}",
      `${project}-dev-main-backup`,
    ]);
    const copied = Math.round(treeSize(data) / 1e6);
    process.kill(Number(pid), "SIGKILL");
    const { status, stdout, stderr } = await running.done;
    assert.equal(status, 0, stdout + stderr);
    assert.deepEqual(readdirSync(join(target, "locks")), []);
    say(`killed after ${copied} MB, taken up again: ${stdout.split("\n")[0]}`);

    const before = new Map(known);
    await first.step("Make one now");
    await first.step("Keep the stack, too");
    goesOn = false;
    await traffic;

    for (const image of [registryImage, proxyImage, keeperImage, backupImage]) await machine.loadImage(image);
    cpSync(target, join(namesOf(machineName).folder, target), { recursive: true });
    second.copy();
    copyFileSync(join(first.folder, "registry.state"), join(second.folder, "registry.state"));
    const passphrase = readFileSync(join(first.folder, ".passphrase"), "utf8").trim();
    await second.shell.run(`export DOCKER_HOST=${machine.dockerHost} STATE_PASSPHRASE=${passphrase}`);
    const began = performance.now();
    await second.step("From nothing");
    const seconds = Math.round((performance.now() - began) / 1000);
    // The same client: only what its name leads to is another machine.
    const same = clientAt(machine.address);
    let unchanged = 0;
    for (const [tag, digest] of before) {
      const found = await same.digest(tag);
      if (tag.includes("kept") || known.get(tag) === digest) assert.equal(found, digest, tag);
      if (found === digest) unchanged++;
      assert.equal((await same.pull(tag)).status, 0, tag);
    }
    assert.equal((await same.pull("team/large:1")).status, 0);
    for (const each of [client, same]) each.remove();
    return `killed half-way and taken up again under pushes and retags; from nothing to serving on another Docker host by the page's commands in ${seconds} s: ${unchanged} of ${before.size} tags with the digest from before, all pulled by a client that never changed`;
  } finally {
    second.shell.end();
    await machine.destroy();
    await first.down();
    rmSync(second.folder, { recursive: true, force: true });
    await removeByLabels([`label=private-registry.project=${project}`]);
    rmSync(target, { recursive: true, force: true });
  }
}

/** A backup to an object store, and back from there. */
export async function runStoreProof(say: (line: string) => void): Promise<string> {
  const [program = ""] = await versitygw();
  const stand = await makeBackupStand("backup-s3", registryPort);
  const served = join(stand.folder, "s3");
  mkdirSync(served);
  const [accessKey, secretKey] = ["an-access-key", "a-secret-of-it"];
  const env = { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey };
  const store = start([program, "--port", `127.0.0.1:${s3Port}`, "posix", served], { env });
  const client = plainClient("127.0.0.1", registryPort);
  try {
    for (let number = 0; number < 50; number++)
      await client.push(
        "team/app",
        `${number}`,
        imageOf([layerOf("shared"), layerOf(`${number}`)], `${number}`),
        {
          random: randomOf("store"),
          pause: 0,
        },
      );
    const s3 = {
      endpoint: `http://127.0.0.1:${s3Port}`,
      bucket: "registry-backup",
      folder: "one",
      accessKey,
    };
    await sleep(1000);
    const keys = await stand.begin({ s3 }, { secretKey });
    await stand.backup();
    await stand.backup();
    await restoreBackup(
      { ...stand.restoreTo("restored"), network: "host" },
      { ...keys, lines: linesOf({ ...keys, accessKey, secretKey }) },
    );
    assert.deepEqual(readdirSync(join(stand.folder, "restored")).sort(), [
      ".private-registry-data",
      "docker",
    ]);
    say("50 tags to an S3 store and back");
    return "50 tags to an S3 store and back, proven";
  } finally {
    store.child.kill();
    await store.done;
    client.close();
    await stand.remove();
  }
}
