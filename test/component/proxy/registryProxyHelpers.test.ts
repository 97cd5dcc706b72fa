import assert from "node:assert/strict";
import { test } from "node:test";
import { RegistryProxy } from "../../../components/proxy/registryProxy";
import { asHelper, asLoader, asServer, hardeningOf } from "../../support/containers";
import { declareFailing } from "../../support/mocks";
import { args, proxy } from "../../support/proxy";

test("helpers are hardened: the stage may own files of others, the activation nothing", async () => {
  const { get } = await proxy();
  assert.deepEqual(hardeningOf(get("web-stage")), asHelper);
  assert.deepEqual(hardeningOf(get("web-activate")), asServer);
  assert.deepEqual(hardeningOf(get("web-files")), asLoader);
  assert.equal(get("web-stage").inputs.networkMode, "none");
  assert.equal(get("web-files").inputs.networkMode, "none");
  assert.deepEqual([get("web-files").inputs.start, get("web-files").inputs.mustRun], [false, false]);
});

test("the activation runs once, in the process and network namespace of the server", async () => {
  const { inputs } = (await proxy()).get("web-activate");
  assert.equal(inputs.pidMode, "container:id-of-web-container");
  assert.equal(inputs.networkMode, "container:id-of-web-container");
  assert.deepEqual([inputs.attach, inputs.mustRun, inputs.restart], [true, false, "no"]);
});

test("files come first, then the stage, then server and activation", async () => {
  const { get } = await proxy();
  assert.ok(get("web-stage").dependsOn.includes("web-files"));
  assert.ok(get("web-container").dependsOn.includes("web-stage"));
  assert.ok(get("web-activate").dependsOn.includes("web-container"));
});

test("files that nginx refuses stop the run before the server hears of them", async () => {
  const { message, resources } = await declareFailing(() => new RegistryProxy("web", args), {
    state: { "web-stage": { exitCode: 1, containerLogs: "unknown directive\n" } },
  });
  assert.match(message, /^web-stage ended with exit code 1:\nunknown directive\n/);
  const names = resources.map(({ name }) => name);
  assert.ok(!names.includes("web-container") && !names.includes("web-activate"));
});

test("an activation that fails fails the run", async () => {
  const { message } = await declareFailing(() => new RegistryProxy("web", args), {
    state: { "web-activate": { exitCode: 1, containerLogs: "nginx went on\n" } },
  });
  assert.match(message, /web-activate ended with exit code 1:\nnginx went on\n/);
});
