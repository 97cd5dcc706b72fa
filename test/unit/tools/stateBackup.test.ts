import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { backupState } from "../../../tools/commands/backupState";
import { readStack, writeStack } from "../../../tools/stateBackup/files";
import { checkedPassphrase, opened } from "../../../tools/stateBackup/passphrase";
import { seal, unseal } from "../../../tools/stateBackup/sealed";

const files = { "Pulumi.dev.yaml": "config: {}\n", ".passphrase": "a passphrase of the stack\n" };

test("a sealed file has nothing that can be read, and is another one each time", () => {
  const [one, other] = [seal(files, "correct horse"), seal(files, "correct horse")];
  assert.notEqual(one, other);
  assert.doesNotMatch(one, /passphrase of the stack|config/);
  assert.deepEqual(unseal(one, "correct horse"), files);
});

test("it does not open for another passphrase, with one character changed, cut short or of another format", () => {
  const text = seal(files, "correct horse");
  assert.equal(unseal(text, "correct hors"), undefined);
  const at = text.length - 20;
  const changed = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
  for (const bad of [
    changed,
    text.slice(0, -30),
    "",
    text.replace("state 1", "state 2"),
    "private-registry-state 1\n",
  ])
    assert.equal(unseal(bad, "correct horse"), undefined);
});

test("a stack comes back into a new clone as it was, and never over another one", () => {
  const folder = mkdtempSync(join(tmpdir(), "state-backup-"));
  try {
    const context = (name: string) => ({
      ...{ project: "shop", stack: "dev", projectDirectory: join(folder, name) },
      ...{ stateDirectory: join(folder, name, ".pulumi-state"), cacheDirectory: folder },
    });
    const [from, to] = [context("from"), context("to")];
    const state = ".pulumi-state/.pulumi/stacks/shop/dev.json";
    mkdirSync(join(from.projectDirectory, ".pulumi-state/.pulumi/stacks/shop"), { recursive: true });
    assert.throws(() => readStack(from), /shop\/dev\.json is missing: the stack "dev" is not in this clone/);
    for (const [path, text] of [[state, "{}"], ...Object.entries(files)] as const)
      writeFileSync(join(from.projectDirectory, path), text);
    const read = readStack(from);
    assert.deepEqual(read, { [state]: "{}", ...files });
    mkdirSync(to.projectDirectory);
    // A clone comes with one.
    writeFileSync(join(to.projectDirectory, "Pulumi.dev.yaml"), "another");
    assert.equal(writeStack(to, read), "Pulumi.dev.yaml.before");
    const kept = join(to.projectDirectory, "Pulumi.dev.yaml.before");
    assert.equal(readFileSync(kept, "utf8"), "another");
    for (const [path, text] of Object.entries(read))
      assert.equal(readFileSync(join(to.projectDirectory, path), "utf8"), text);
    assert.equal(statSync(join(to.projectDirectory, ".passphrase")).mode & 0o777, 0o600);
    assert.equal(writeStack(to, read), undefined);
    writeFileSync(join(to.projectDirectory, "Pulumi.dev.yaml"), "a third");
    assert.throws(() => writeStack(to, read), /^Error: Pulumi\.dev\.yaml\.before: is there already/);
    assert.equal(readFileSync(kept, "utf8"), "another");
    rmSync(kept);
    writeStack(to, read);
    assert.equal(readFileSync(kept, "utf8"), "a third");
    assert.throws(
      () => writeStack(to, { ...read, ".passphrase": "other" }),
      /\.passphrase: is there already/,
    );
    assert.throws(() => writeStack({ ...to, stack: "prod" }, read), /of another stack or project/);
    assert.throws(() => writeStack(to, { "../../etc/passwd": "x" }), /of another stack or project/);
    assert.ok(!existsSync(join(folder, "etc")));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a passphrase of one's own has 12 characters at least, wherever it comes from", async () => {
  assert.equal(checkedPassphrase("STATE_PASSPHRASE", "correct horse"), "correct horse");
  for (const [bad, found] of [
    ["", "is empty"],
    ["            ", "is empty"],
    ["elevenchars", "has 11 characters"],
  ] as const)
    assert.throws(() => checkedPassphrase("STATE_PASSPHRASE", bad), {
      message: `STATE_PASSPHRASE: ${found}; give a passphrase of 12 characters or more`,
    });
  const folder = mkdtempSync(join(tmpdir(), "state-backup-"));
  const target = join(folder, "registry.state");
  const context = {
    ...{ project: "shop", stack: "dev", projectDirectory: folder },
    ...{ stateDirectory: join(folder, ".pulumi-state"), cacheDirectory: folder },
  };
  try {
    mkdirSync(join(folder, ".pulumi-state/.pulumi/stacks/shop"), { recursive: true });
    writeFileSync(join(folder, ".pulumi-state/.pulumi/stacks/shop/dev.json"), "{}");
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    process.env.STATE_PASSPHRASE = "";
    await assert.rejects(backupState(context, [target]), /^Error: STATE_PASSPHRASE: is empty/);
    assert.ok(!existsSync(target));
  } finally {
    delete process.env.STATE_PASSPHRASE;
    rmSync(folder, { recursive: true });
  }
});

test("a file that was made with another passphrase than the clone's is asked for it, or says what to set", async () => {
  const text = seal(files, "correct horse");
  const own = "that of the clone";
  const ask = async () => "correct horse";
  assert.deepEqual(await opened("a.state", text, { own, given: "correct horse" }), files);
  assert.deepEqual(await opened("a.state", text, { own, ask }), files);
  await assert.rejects(
    opened("a.state", text, { own }),
    /^Error: a\.state: the \.passphrase of this clone is not .*; set STATE_PASSPHRASE to/,
  );
  await assert.rejects(opened("a.state", text, { own, given: "wrong", ask }), /: STATE_PASSPHRASE is not/);
  await assert.rejects(
    opened("a.state", text, { own, given: "", ask }),
    /^Error: STATE_PASSPHRASE: is empty/,
  );
});
