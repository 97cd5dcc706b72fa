import assert from "node:assert/strict";
import { test } from "node:test";
import { expiringLogins, expiryLines } from "../../../components/access/expiringLogins";
import { declaredUsers } from "../../../tools/loginStatus";

const now = new Date("2027-01-15T23:59:00Z");
const users = [
  { name: "forever" },
  { name: "over", expires: "2027-01-14" },
  { name: "today", expires: "2027-01-15" },
  { name: "soon", expires: "2027-02-14" },
  { name: "later", expires: "2027-02-15" },
];

test("logins are told of from 30 days before their last day on, and when they are over", () => {
  assert.deepEqual(expiringLogins(users, now), {
    over: "2027-01-14",
    today: "2027-01-15",
    soon: "2027-02-14",
  });
  assert.deepEqual(expiryLines(users, now), [
    "the login of over expired on 2027-01-14: write a later day in expires, or take the user out",
    "the login of today expires after 2027-01-15: write a later day in expires, or take the user out",
    "the login of soon expires after 2027-02-14: write a later day in expires, or take the user out",
  ]);
});

test("the users of an instance are read from the state, where its proxy has them", () => {
  const proxy = (instance: string, inputs: object) => ({
    type: "private-registry:index:RegistryProxy",
    urn: instance,
    inputs: { instance, ...inputs },
  });
  const snapshot = {
    resources: [
      proxy("a", { users }),
      proxy("b", {}),
      proxy("c", { users: [{ name: 1 }, "x", { name: "y" }] }),
    ],
    pendingOperations: [],
  };
  assert.deepEqual(declaredUsers(snapshot, "a"), users);
  assert.deepEqual(declaredUsers(snapshot, "b"), []);
  assert.deepEqual(declaredUsers(snapshot, "c"), [{ name: "y" }]);
  assert.deepEqual(declaredUsers(undefined, "a"), []);
});
