import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  clientUserProblems,
  installScriptUserProblems,
  passwordProblems,
  userProblems,
} from "../../../components/users/problems";

const rule = "write letters, digits and . _ @ - only, a letter or digit first, 128 characters at most";

describe("users", () => {
  const names = [
    "a:b",
    "a\nb",
    "a\u0000",
    "a b",
    "a;b",
    "a{b}",
    "$a",
    'a"b',
    "a'b",
    "a\\b",
    "#a",
    "a#",
    "-a",
    ".a",
    "*a",
    "é",
    "a".repeat(129),
  ];
  for (const name of names) {
    test(`fails for the user name ${JSON.stringify(name).slice(0, 20)}`, () => {
      assert.deepEqual(userProblems([{ name: "alice" }, { name }]), [
        `users[1].name: ${JSON.stringify(name)} is not a user name; ${rule}`,
      ]);
    });
  }

  test("accepts letters, digits and the four signs, up to 128 characters", () => {
    const accepted = ["alice", "Bob.B", "ci_1", "a@b-c.example", "0", "a".repeat(128)];
    assert.deepEqual(userProblems(accepted.map((name) => ({ name }))), []);
  });

  test("fails for an empty list and for an empty name", () => {
    assert.deepEqual(userProblems([]), [
      'users: is empty; write at least one user, such as { name: "alice" }',
    ]);
    assert.deepEqual(userProblems([{ name: "" }]), [`users[0].name: is empty; ${rule}`]);
  });

  test("fails for a user given twice, but takes names that differ in case for two users", () => {
    assert.deepEqual(userProblems([{ name: "a" }, { name: "A" }, { name: "a" }]), [
      'users[2].name: "a" is users[0] again; write each user once',
    ]);
  });

  test("fails when a password of its own comes with passwordGeneration, without showing it", () => {
    assert.deepEqual(userProblems([{ name: "a", password: "hunter2", passwordGeneration: 2 }]), [
      "users[0].passwordGeneration: is for generated passwords, and this user has a password of its own; leave one of them out",
    ]);
  });

  test("fails for a passwordGeneration that is not a whole number from 1", () => {
    assert.deepEqual(userProblems([{ name: "a", passwordGeneration: 0 }]), [
      "users[0].passwordGeneration: 0 is out of range; write a whole number from 1 to 1000000",
    ]);
    assert.deepEqual(userProblems([{ name: "a", passwordGeneration: 2 }]), []);
  });

  test("fails for a client user that is not in the list", () => {
    const users = [{ name: "alice" }, { name: "bob" }];
    assert.deepEqual(clientUserProblems("carol", users), [
      'clientUser: "carol" is not one of users; write one of "alice", "bob"',
    ]);
    assert.deepEqual(clientUserProblems("bob", users), []);
    assert.deepEqual(clientUserProblems(undefined, users), []);
  });

  test("fails for each user with an install script of their own who is not in the list", () => {
    const users = [{ name: "alice" }, { name: "bob" }];
    assert.deepEqual(installScriptUserProblems(["bob", "carol"], users), [
      'installScriptUsers[1]: "carol" is not one of users; write one of "alice", "bob"',
    ]);
    assert.deepEqual(installScriptUserProblems(["alice", "bob"], users), []);
  });
});

describe("passwords", () => {
  test("fails for an empty password", () => {
    assert.deepEqual(passwordProblems("users[0].password", ""), [
      "users[0].password: is empty; write a password, or leave it out to have one generated",
    ]);
  });

  test("counts bytes and not characters: 24 Chinese characters pass, 25 do not", () => {
    assert.deepEqual(passwordProblems("p", "密".repeat(24)), []);
    assert.deepEqual(passwordProblems("p", "密".repeat(25)), [
      "p: has 75 bytes and bcrypt reads 72; write a shorter password",
    ]);
  });

  test("accepts 72 bytes and fails for 73", () => {
    assert.deepEqual(passwordProblems("p", "x".repeat(72)), []);
    assert.equal(passwordProblems("p", "x".repeat(73)).length, 1);
  });

  test("fails for a line break at the end, and no message shows any part of the password", () => {
    const problems = passwordProblems("p", `${"hunter2".repeat(11)}\n`);
    assert.deepEqual(problems, [
      "p: has 78 bytes and bcrypt reads 72; write a shorter password",
      "p: has a line break or another control character; write one line (a file read whole often ends in a line break)",
    ]);
    assert.ok(!problems.join().includes("hunter2"));
  });
});
