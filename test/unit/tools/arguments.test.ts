import assert from "node:assert/strict";
import { test } from "node:test";
import { stackOfEngineCommand, takeFlag, takeStack, takeValue } from "../../../tools/arguments";

test("without an option the stack is dev and every argument goes on", () => {
  assert.deepEqual(takeStack(["--refresh", "--diff"]), { stack: "dev", rest: ["--refresh", "--diff"] });
});

test("each spelling of the stack option chooses the stack and is taken out", () => {
  for (const option of [["--stack", "prod"], ["--stack=prod"], ["-s", "prod"]])
    assert.deepEqual(takeStack(["a", ...option, "b"]), { stack: "prod", rest: ["a", "b"] });
});

test("what follows a double dash is not looked at", () => {
  assert.deepEqual(takeStack(["--", "-s", "x"]), { stack: "dev", rest: ["--", "-s", "x"] });
});

test("a stack option without a name, or with one that is no name, is refused with what to type", () => {
  for (const args of [["--stack"], ["-s", "--yes"], ["--stack="]])
    assert.throws(() => takeStack(args), /needs the name of a stack, for example/);
  assert.throws(() => takeStack(["-s", "../x"]), /stack name "\.\.\/x" may hold only letters/);
});

test("a flag is taken out by any of its names", () => {
  assert.deepEqual(takeFlag(["-y", "--purge"], "--yes", "-y"), { given: true, rest: ["--purge"] });
  assert.deepEqual(takeFlag(["a"], "--yes", "-y"), { given: false, rest: ["a"] });
});

test("an option with a value is taken out in either spelling, and refused without one", () => {
  for (const args of [
    ["list", "--user", "bob", "--json"],
    ["list", "--user=bob", "--json"],
  ])
    assert.deepEqual(takeValue(args, "--user", "alice"), { value: "bob", rest: ["list", "--json"] });
  assert.deepEqual(takeValue(["list"], "--user", "alice"), { value: undefined, rest: ["list"] });
  for (const args of [["--user"], ["--user="]])
    assert.throws(
      () => takeValue(args, "--user", "alice"),
      /--user needs a value, for example "--user alice"/,
    );
});

test("an engine command is about the stack it names, else about dev", () => {
  assert.equal(stackOfEngineCommand(["preview", "--expect-no-changes"]), "dev");
  assert.equal(stackOfEngineCommand(["--stack", "prod", "stack", "output"]), "prod");
  assert.equal(stackOfEngineCommand(["stack", "init", "test"]), "test");
  assert.equal(stackOfEngineCommand(["stack", "output", "endpoint"]), "dev");
});
