import assert from "node:assert/strict";
import { test } from "node:test";
import { loginOf } from "../../../tools/stackScript";

test("a user whom the registry has not is refused with those it has", () => {
  for (const user of ["amdin", "constructor", ""])
    assert.throws(() => loginOf({ admin: "a", alice: "b" }, user), {
      message: `--user: the registry has no user "${user}", but admin, alice`,
    });
});
