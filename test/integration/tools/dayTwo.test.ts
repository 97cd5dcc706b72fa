import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run } from "../../../tools/shell";
import { type Skopeo, skopeo } from "../../support/skopeo";

const repository = resolve(__dirname, "../../..");
const project = "private-registry-day-two";
const endpoint = "localhost:21620";
const parts = ["components", "infra", "tools", "package.json", "package-lock.json", "tsconfig.json"];

describe("docs/day-two.md, run as it is printed", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-day-two-"));
  const blocks = shellBlocks(readFileSync(join(repository, "docs/day-two.md"), "utf8"));
  let shell: Shell;
  let client: Skopeo;
  let digest: string;

  before(async () => {
    for (const part of parts) cpSync(join(repository, part), join(folder, part), { recursive: true });
    symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) {
      const text = readFileSync(join(repository, file), "utf8").replace(/port: \d+/, "port: 21620");
      writeFileSync(join(folder, file), text.replace(/^( *|name: )private-registry\b/gm, `$1${project}`));
    }
    shell = new Shell(folder);
    await npm("run", "-s", "up");
  });

  after(async () => {
    shell.end();
    client?.remove();
    await run(["npm", "run", "-s", "down", "--", "--purge", "--yes"], { cwd: folder });
    rmSync(folder, { recursive: true, force: true });
  });

  const npm = (...args: string[]) => output(["npm", ...args], { cwd: folder });

  /** What the blocks below a heading print; each must succeed, and is there for one step. */
  async function step(heading: string): Promise<string> {
    const commands = blocks.get(heading);
    assert.ok(commands, `the page has a heading "${heading}"`);
    blocks.delete(heading);
    return shell.run(commands);
  }

  const tags = async (name: string) =>
    JSON.parse(await shell.run(`ask "https://$REGISTRY/v2/${name}/tags/list"`)).tags;
  const size = async () =>
    Number((await shell.run('docker exec "$CONTAINER" du -sk /var/lib/registry')).split("\t")[0]);

  it("prepares variables and a login", async () => {
    await step("Prepare");
    assert.equal(await shell.run('echo "$REGISTRY $CONTAINER"'), `${endpoint} ${project}-dev-main-registry`);
    assert.equal(await shell.run('stat -c %a "$FILES"'), "700");
    const answers = await step("Is it there?");
    assert.match(answers, /^\{\}\{"errors":\[\{"code":"UNAUTHORIZED"/);
  });

  it("lists repositories and tags", async () => {
    const credentials = JSON.parse(
      await npm("run", "-s", "pulumi", "--", "stack", "output", "credentials", "--show-secrets"),
    );
    client = skopeo(endpoint, await shell.run('cat "$FILES/ca.crt"'), `admin:${credentials.admin}`);
    digest = await client.push("team/app:1", [400_000, 300_000]);
    await client.push("team/app:2", [200_000]);
    await client.push("team/web:1", [100_000]);
    assert.deepEqual(JSON.parse(await step("Repositories")), { repositories: ["team/app", "team/web"] });
    assert.deepEqual(JSON.parse(await step("Tags of a repository")), { name: "team/app", tags: ["1", "2"] });
  });

  it("finds a digest and deletes by it", async () => {
    assert.equal(await step("Digest of a tag"), digest);
    assert.equal(await step("Delete an image"), "202");
    assert.deepEqual(await tags("team/app"), ["2"]);
    assert.notEqual((await client.pull("team/app:1")).status, 0);
  });

  it("deletes one tag, whose image stays", async () => {
    const other = await client.digest("team/app:2");
    assert.equal(await step("Delete one tag"), "202");
    assert.deepEqual(await tags("team/app"), []);
    assert.equal((await client.pull(`team/app@${other}`)).status, 0);
  });

  it("shows what a garbage collection would delete, and deletes nothing", async () => {
    const before = await size();
    const list = await step("What a garbage collection would delete");
    assert.match(list, new RegExp(`blob eligible for deletion: ${digest}`));
    assert.match(list, /3 blobs marked, 7 blobs and 1 manifests eligible/);
    assert.ok((await size()) >= before);
  });

  it("collects garbage while nobody can push, then lets pushes in again", async () => {
    const collect = blocks.get("Collect garbage") ?? "";
    const end = collect.indexOf("\nnpm run -s pulumi -- config rm");
    blocks.set("Collect garbage", collect.slice(end));
    const before = await size();
    await shell.run(collect.slice(0, end));
    await assert.rejects(client.push("team/new:1", [1000]), /405|Method not allowed/i);
    assert.equal((await client.pull("team/web:1")).status, 0);
    assert.ok(before - (await size()) > 800, "the layers of both deleted images are gone");
    await step("Collect garbage");
    await client.push("team/new:1", [1000]);
    const catalogue = JSON.parse(await shell.run('ask "https://$REGISTRY/v2/_catalog"'));
    assert.deepEqual(catalogue, { repositories: ["team/new", "team/web"] });
    assert.equal((await client.pull("team/web:1")).status, 0);
  });

  it("lists the images from the disk, and the space they take", async () => {
    const images = await step("Images as they are on the disk");
    assert.equal(images, `${endpoint}/team/new:1\n${endpoint}/team/web:1`);
    const [used = "", , free = ""] = (await step("Space")).split("\n");
    assert.match(used, /^\d+(\.\d+)?[KM]\t\/var\/lib\/registry$/);
    assert.match(free, /\d+% \/var\/lib\/registry$/);
  });

  it("tidies up, and no command of the page was left out", async () => {
    await step("Tidy up");
    assert.equal(await shell.run('ls "$FILES" 2>/dev/null || echo gone'), "gone");
    assert.deepEqual([...blocks.keys()], []);
  });
});

/** The `sh` blocks of a page by their heading, joined where a heading has several. */
function shellBlocks(page: string): Map<string, string> {
  const sections = page.split(/^## /m).slice(1);
  const entries = sections.map((section): [string, string] => {
    const found = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands);
    return [section.slice(0, section.indexOf("\n")), found.join("")];
  });
  return new Map(entries);
}

/** A shell that goes on from one piece of text to the next, as a person's does. */
class Shell {
  private readonly process: ChildProcessWithoutNullStreams;

  constructor(folder: string) {
    this.process = spawn("sh", [], { cwd: folder, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" } });
  }

  /** Runs commands, each of which must succeed, and answers what they wrote to stdout. */
  run(commands: string): Promise<string> {
    const { stdin, stdout, stderr } = this.process;
    const mark = `end of block ${Math.random()}`;
    return new Promise((resolve, reject) => {
      let [printed, errors] = ["", ""];
      const onError = (chunk: Buffer) => {
        errors += chunk;
      };
      const finish = (settle: () => void) => {
        stdout.off("data", onData);
        stderr.off("data", onError);
        this.process.off("close", onClose);
        settle();
      };
      const onData = (chunk: Buffer) => {
        printed += chunk;
        if (printed.includes(mark)) finish(() => resolve(printed.slice(0, printed.indexOf(mark)).trim()));
      };
      const onClose = () => finish(() => reject(new Error(`${commands}\nfailed:\n${printed}${errors}`)));
      stdout.on("data", onData);
      stderr.on("data", onError);
      this.process.on("close", onClose);
      // In a group, so that the shell reads it whole before it runs a program that reads stdin.
      stdin.write(`set -e\n{ ${commands}\n} </dev/null\nset +e\necho '${mark}'\n`);
    });
  }

  end(): void {
    this.process.stdin.end();
  }
}
