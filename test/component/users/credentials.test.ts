import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import bcrypt from "bcryptjs";
import type { UserArgs } from "../../../components/users/args";
import { Credentials } from "../../../components/users/credentials";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const password = "correct horse battery";

const declared = (...users: UserArgs[]) => declare(() => new Credentials("logins", { users }));

async function hashOf(users: UserArgs[], name: string, salt = "AAAA"): Promise<string> {
  const state = { "logins-salt": { result: salt } };
  const { result } = await declare(() => new Credentials("logins", { users }), { state });
  const lines = (await valueIn(result.htpasswd)).split("\n");
  return lines.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1) ?? "";
}

test("credentials are one salt and a password for each user without one, children of the component", async () => {
  const { resources } = await declared({ name: "ci" }, { name: "alice", password }, { name: "bob" });
  assert.deepEqual(
    resources.map(({ type, name, parent }) => [type, name, parent]),
    [
      ["private-registry:Credentials", "logins", ""],
      ["random:RandomPassword", "logins-salt", "logins"],
      ["random:RandomPassword", "logins-password-ci", "logins"],
      ["random:RandomPassword", "logins-password-bob", "logins"],
    ],
  );
});

test("a generated password is 32 letters and digits, and a raised generation makes another", async () => {
  const { get } = await declared({ name: "ci" }, { name: "bob", passwordGeneration: 3 });
  assert.deepEqual(get("logins-salt").inputs, { length: 43, special: false });
  const { length, special, keepers } = get("logins-password-ci").inputs;
  assert.deepEqual([length, special, keepers], [32, false, { generation: "1" }]);
  assert.deepEqual(get("logins-password-bob").inputs.keepers, { generation: "3" });
});

test("htpasswd has one line a user in their order, and every hash says $2y$10$", async () => {
  const { result } = await declared({ name: "ci" }, { name: "alice", password });
  const lines = (await valueIn(result.htpasswd)).split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? "", /^ci:\$2y\$10\$h{53}$/);
  assert.match(lines[1] ?? "", /^alice:\$2y\$10\$[./A-Za-z0-9]{53}$/);
  assert.equal(lines[2], "");
});

test("the hash of a given password is good, and the same at every run", async () => {
  const users = [{ name: "alice", password }];
  const hash = await hashOf(users, "alice");
  assert.equal(await bcrypt.compare(password, hash), true);
  assert.equal(await bcrypt.compare(`${password}x`, hash), false);
  assert.equal(await hashOf(users, "alice"), hash);
});

test("the hash differs by password, by user and by salt", async () => {
  const hashes = [
    await hashOf([{ name: "alice", password }], "alice"),
    await hashOf([{ name: "alice", password: "other" }], "alice"),
    await hashOf([{ name: "bob", password }], "bob"),
    await hashOf([{ name: "alice", password }], "alice", "BBBB"),
  ];
  const salts = hashes.map((hash) => hash.slice(7, 29));
  assert.equal(new Set(hashes).size, 4);
  assert.equal(salts[0], salts[1], "the salt is the user's, not the password's");
  assert.equal(new Set(salts).size, 3);
});

test("the hash of a user stays when other users come, go and change places", async () => {
  const alice = { name: "alice", password };
  const alone = await hashOf([alice], "alice");
  assert.equal(await hashOf([{ name: "ci" }, alice, { name: "bob", password: "b" }], "alice"), alone);
});

test("a password may be an output", async () => {
  const hash = await hashOf([{ name: "alice", password: pulumi.secret(password) }], "alice");
  assert.equal(await bcrypt.compare(password, hash), true);
});

test("passwords are handed out by user", async () => {
  const { result } = await declared({ name: "ci" }, { name: "alice", password });
  const passwords = await valueIn(result.passwords);
  assert.deepEqual(Object.keys(passwords), ["ci", "alice"]);
  assert.equal(passwords.alice, password);
  assert.match(passwords.ci ?? "", /^[0-9a-f]{32}$/);
});

test("both outputs are secret, and no password shows in a resource", async () => {
  const { result, get, resources } = await declared({ name: "alice", password });
  assert.equal(await pulumi.isSecret(result.htpasswd), true);
  assert.equal(await pulumi.isSecret(result.passwords), true);
  assert.deepEqual(get("logins").inputs, { users: [{ name: "alice", password }] });
  assert.ok(resources.every(({ shown }) => !shown.includes(password)));
});

test("bad users are refused before anything is declared", async () => {
  const bad = [{ name: "a:b" }, { name: "bob", password, passwordGeneration: 2 }, { name: "bob" }];
  const { message, resources } = await declareFailing(() => new Credentials("logins", { users: bad }));
  assert.match(message, /^logins cannot be created:\n/);
  assert.match(
    message,
    /users\[0\]\.name: "a:b".*\n.*users\[1\]\.passwordGeneration: .*\n.*users\[2\]\.name: "bob"/,
  );
  assert.doesNotMatch(message, new RegExp(password));
  assert.deepEqual(resources, []);
});

test("a bad password given to Credentials alone is refused before anything is declared", async () => {
  for (const bad of ["", "x".repeat(73), `${password}\n`]) {
    const { message, resources } = await declareFailing(
      () => new Credentials("logins", { users: [{ name: "alice", password: pulumi.secret(bad) }] }),
    );
    assert.match(message, /users\[0\]\.password: /);
    assert.ok(bad === "" || !message.includes(bad));
    assert.deepEqual(
      resources.map(({ name }) => name),
      ["logins"],
    );
  }
});
