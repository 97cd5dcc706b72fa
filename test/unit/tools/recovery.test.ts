import assert from "node:assert/strict";
import { test } from "node:test";
import { failedContainers } from "../../../tools/recovery/jobs";
import { judgeLock, parseLock } from "../../../tools/recovery/locks";
import { parseListing } from "../../../tools/recovery/look";
import { parseSnapshot, plainOutput } from "../../../tools/state";

const containerType = "docker:index/container:Container";

function job(name: string, role: string, exitCode: unknown, type = containerType) {
  const labels = [
    { label: "private-registry.stack", value: "dev" },
    { label: "private-registry.role", value: role },
  ];
  return {
    urn: `urn:pulumi:dev::p::${type}::${name}`,
    type,
    id: `id-${name}`,
    outputs: { exitCode, labels },
  };
}

function snapshot(...resources: ReturnType<typeof job>[]) {
  return parseSnapshot(JSON.stringify({ version: 3, checkpoint: { stack: "dev", latest: { resources } } }));
}

test("a lock is dead only if its process died on this very machine", () => {
  const lock = { pid: 7, hostname: "here" };
  assert.equal(
    judgeLock(lock, "here", () => false),
    "dead",
  );
  assert.equal(
    judgeLock(lock, "here", () => true),
    "alive",
  );
  assert.equal(
    judgeLock(lock, "there", () => false),
    "elsewhere",
  );
});

test("what is no lock is not taken for one", () => {
  for (const text of ["", "{", "null", '{"pid":"7","hostname":"here"}', '{"pid":7}'])
    assert.equal(parseLock(text), undefined);
  assert.equal(parseLock('{"pid":7,"username":"root","hostname":"here"}')?.pid, 7);
});

test("a listing line without labels is still read", () => {
  assert.deepEqual(parseListing("id\tname\t\t\t\nid2\tname2\tp\tdev\tdata\n\n"), [
    { id: "id", name: "name", project: "", stack: "", role: "" },
    { id: "id2", name: "name2", project: "p", stack: "dev", role: "data" },
  ]);
});

test("one-shots that ended badly run again", () => {
  const state = snapshot(
    job("a", "files-stage", 1),
    job("b", "proxy-activate", 137),
    job("c", "data-prepare", 2),
    job("d", "acme-issue", 1),
  );
  assert.deepEqual(
    failedContainers(state).map((urn) => urn.split("::").at(-1)),
    ["a", "b", "c", "d"],
  );
});

test("a server whose creation failed half-way is made again", () => {
  const failed = { ...job("a", "proxy", null), initErrors: ["did not become healthy"] };
  assert.deepEqual(failedContainers(snapshot(failed, job("b", "registry", null))), [failed.urn]);
});

test("one-shots that ended well, servers that died and other resources do not run again", () => {
  const state = snapshot(
    job("a", "files-stage", 0),
    job("b", "files-activate", null),
    job("c", "proxy", 137),
    job("d", "x-stage", 1, "docker:index/volume:Volume"),
  );
  assert.deepEqual(failedContainers(state), []);
});

test("a container whose labels are encrypted in state is left alone", () => {
  const hidden = {
    urn: "urn:x::hidden",
    type: containerType,
    outputs: { exitCode: 1, labels: { ciphertext: "v1:x" } },
  };
  assert.deepEqual(failedContainers({ resources: [hidden], pendingOperations: [] }), []);
});

test("an empty stack has neither resources nor unfinished operations", () => {
  assert.deepEqual(parseSnapshot('{"checkpoint":{"stack":"dev","latest":null}}'), {
    resources: [],
    pendingOperations: [],
  });
});

test("plain outputs are readable from state and secret ones are not", () => {
  const outputs = { endpoint: "https://localhost:5443", credentials: { ciphertext: "v1:x" } };
  const state = { resources: [{ urn: "u", type: "pulumi:pulumi:Stack", outputs }], pendingOperations: [] };
  assert.equal(plainOutput(state, "endpoint"), "https://localhost:5443");
  assert.equal(plainOutput(state, "credentials"), undefined);
  assert.equal(plainOutput(undefined, "endpoint"), undefined);
});
