import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run, start, until } from "../../../tools/shell";
import { foundByLabels, identityOf } from "../../../tools/temporaryStack";
import { type Clone, clone } from "../../support/clone";

const prefix = (stack: string) => `private-registry-${stack}-main`;
const servers = (stack: string) => [`${prefix(stack)}-proxy`, `${prefix(stack)}-registry`];
const found = (stack: string) =>
  foundByLabels(["label=private-registry.project=private-registry", `label=private-registry.stack=${stack}`]);
const nothing = { container: [], network: [], volume: [] };

describe("README's commands in fresh clones", () => {
  let one: Clone;
  let two: Clone;

  before(async () => {
    one = await clone("clone-one", 18460);
    two = await clone("clone-two", 18461);
  });

  after(async () => {
    for (const each of [one, two]) await each?.remove();
  });

  it("doctor reports, and changes nothing", async () => {
    const { stdout, stderr } = await one.npm("doctor");
    assert.match(stdout + stderr, /Docker/);
    assert.equal(
      await output(["git", "status", "--porcelain", "--ignored"], { cwd: one.folder }),
      `!! ${stackFile(one)}`,
    );
  });

  it("up makes a registry, keeps a passphrase for its owner alone and leaves git status clean", async () => {
    await one.must("up");
    assert.equal(statSync(join(one.folder, ".passphrase")).mode & 0o777, 0o600);
    assert.equal(await output(["git", "status", "--porcelain"], { cwd: one.folder }), "");
    assert.doesNotMatch(readFileSync(join(one.folder, stackFile(one)), "utf8"), /encryptionsalt/);
  });

  it("show prints what a client needs and nothing else, and names what there is if the name is wrong", async () => {
    const show = (...args: string[]) =>
      run(["npm", "run", "-s", "show", "--", "--stack", one.stack, ...args], { cwd: one.folder });
    assert.equal((await show("endpoint")).stdout, "localhost:18460\n");
    const { stdout: password } = await show("credentials", "admin");
    assert.equal((await show("credentials")).stdout, `admin: ${password}`);
    assert.deepEqual(JSON.parse((await show("credentials", "--json")).stdout), { admin: password.trim() });
    const env = { DOCKER_CONFIG: join(one.folder, ".pulumi-state/docker") };
    const login = ["docker", "login", "localhost:18460", "--username", "admin", "--password-stdin"];
    assert.match(await output(login, { input: password, env }), /Login Succeeded/);
    const wrong = await show("credentials", "amdin");
    assert.notEqual(wrong.status, 0);
    assert.equal(wrong.stdout, "");
    assert.match(
      wrong.stderr,
      /error: credentials has no key "amdin"; did you mean "admin"\? There are: admin\./,
    );
  });

  it("prove finds that clients get through, as any user and in any repository", async () => {
    for (const words of [[], ["team/app"], ["--user", "admin"]])
      assert.match(await one.must("prove", ...words), /^localhost:18460: all is right$/m);
    const { status, stderr } = await one.npm("prove", "--user", "nobody");
    assert.equal(status, 1);
    assert.match(stderr, /--user: the registry has no user "nobody", but admin/);
  });

  it("up again at once changes nothing and restarts nothing", async () => {
    const before = await Promise.all(servers(one.stack).map(identityOf));
    assert.match(await one.must("up"), /\d+ unchanged/);
    assert.deepEqual(await Promise.all(servers(one.stack).map(identityOf)), before);
  });

  it("pulumi previews no change, also after a refresh", async () => {
    await one.must("pulumi", "preview", "--expect-no-changes");
    await one.must("pulumi", "refresh", "--yes");
    await one.must("pulumi", "preview", "--expect-no-changes");
  });

  it("a secret in clear is refused, also beside one that is encrypted", async () => {
    const file = join(two.folder, stackFile(two));
    const before = readFileSync(file, "utf8");
    const set = (path: string, ...value: string[]) =>
      two.must("pulumi", "config", "set", "--path", `settings.${path}`, ...value);
    await set("users[0].password", "--secret", "Correct-Horse-Battery-Staple");
    await set("users[1].name", "alice");
    await set("users[1].password", "Correct-Horse-Battery-Staple");
    assert.match(
      await two.refused("pulumi", "preview"),
      /settings\.users\[1\]\.password: is not encrypted; take it out, and set it with: npm run -s pulumi -- --stack clone-two config set --secret password-alice/,
    );
    writeFileSync(file, before);
  });

  it("stop, start and restart do what they say, and status tells by its exit code", async () => {
    assert.match(await one.must("status"), /^certificate of main: ends 20.*, 36\d d .* left, as declared$/m);
    await one.must("stop");
    const running = ["docker", "ps", "-q", "--filter", `label=private-registry.stack=${one.stack}`];
    assert.equal(await output(running), "", "nothing of the stack runs");
    assert.notEqual((await one.npm("status")).status, 0);
    assert.match(
      (await one.npm("prove")).stderr,
      /WRONG: nothing answers at localhost:18460\n.*npm run start/,
    );
    await one.must("start");
    await one.must("status");
    const before = await identityOf(servers(one.stack)[0] ?? "");
    await one.must("restart");
    assert.notEqual(await identityOf(servers(one.stack)[0] ?? ""), before);
    await one.must("status");
  });

  it("up completes after the engine was killed while it created the proxy", async () => {
    await killDuringUp(two, servers(two.stack)[0] ?? "");
    await two.must("up");
    await two.must("status");
    await two.must("pulumi", "preview", "--expect-no-changes");
  });

  it("a second clone has another passphrase and its own registry", async () => {
    const passphrases = [one, two].map(({ folder }) => readFileSync(join(folder, ".passphrase"), "utf8"));
    assert.notEqual(passphrases[0], passphrases[1]);
    await one.must("status");
    assert.equal(await output(["git", "status", "--porcelain"], { cwd: two.folder }), "");
  });

  it("down keeps the data alone, and --purge leaves nothing", async () => {
    await one.must("down");
    const data = `${prefix(one.stack)}-data`;
    assert.deepEqual(await found(one.stack), { ...nothing, volume: [data] });
    await one.must("down", "--purge", "--yes");
    assert.deepEqual(await found(one.stack), nothing);
    await two.must("down", "--purge", "--yes");
    assert.deepEqual(await found(two.stack), nothing);
  });
});

function stackFile({ stack }: Clone): string {
  return `Pulumi.${stack}.yaml`;
}

/** Starts `npm run up` and kills the engine, whose id its lock tells, once a container is there. */
async function killDuringUp({ folder, stack }: Clone, container: string): Promise<void> {
  const up = start(["npm", "run", "up", "--", "--stack", stack], { cwd: folder });
  let isOver = false;
  up.done.then(() => {
    isOver = true;
  });
  const isCreated = async () => (await run(["docker", "inspect", container])).status === 0;
  await until(`${container} is being created`, async () => isOver || (await isCreated()), 600);
  if (isOver) throw new Error(`up came to its end: ${(await up.done).stderr}`);
  const locks = join(folder, ".pulumi-state/.pulumi/locks");
  const lock = readdirSync(locks, { recursive: true, encoding: "utf8" }).find((file) =>
    file.endsWith(".json"),
  );
  process.kill(JSON.parse(readFileSync(join(locks, lock ?? ""), "utf8")).pid, "SIGKILL");
  assert.notEqual((await up.done).status, 0);
}
