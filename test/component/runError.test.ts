import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { runError } from "../../components/base/runError";

test("an error for the user keeps its sentence, whatever the SDK puts in front", () => {
  const error = runError("main cannot be created:\n  - hostnames: is empty");
  error.message = `error serializing property "image": ${error.message}`;
  assert.equal(error.message, "main cannot be created:\n  - hostnames: is empty");
  assert.ok(pulumi.RunError.isInstance(error));
});
