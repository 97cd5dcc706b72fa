import assert from "node:assert/strict";
import { test } from "node:test";
import { AccessAction } from "../../../components/access/args";
import { RegistryProxy } from "../../../components/proxy/registryProxy";
import { namedFilesOf } from "../../support/containers";
import { declareFailing } from "../../support/mocks";
import { args, proxy } from "../../support/proxy";

const users = [{ name: "alice", expires: "2027-01-31" }];
const access = [{ repositories: ["team/*"], users: ["alice"], actions: [AccessAction.Pull] }];
const scripts = ["access.js", "accessData.js", "catalogue.js", "glob.js", "immutableTags.js"];
const keys = (names: readonly string[]) => names.filter((name) => name.endsWith("-token-key"));

test("without rules there is no key of tokens and no script of access", async () => {
  const { get, resources } = await proxy({ users: [{ name: "alice", groups: [] }] });
  assert.deepEqual(keys(resources.map(({ name }) => name)), []);
  const names = Object.keys(namedFilesOf(get("web-files")));
  assert.deepEqual(
    names.filter((name) => scripts.includes(name)),
    [],
  );
});

test("rules, ends of logins and immutable tags bring scripts and a key that no resource shows", async () => {
  for (const change of [
    { access, users },
    { users },
    { immutableTags: [{ repositories: ["**"], tags: ["v*"] }] },
  ]) {
    const { get, resources } = await proxy(change);
    assert.deepEqual(keys(resources.map(({ name }) => name)), ["web-token-key"]);
    const files = namedFilesOf(get("web-files"));
    for (const name of scripts) assert.ok(files[name], name);
    const key = /key: "([^"]+)"/.exec(files["accessData.js"] ?? "")?.[1] ?? "";
    assert.ok(key.length > 20);
    for (const { name, shown } of resources) assert.ok(!shown.includes(key), name);
  }
});

test("changed rules are other files, and leave the server as it is", async () => {
  const before = await proxy({ access, users });
  const after = await proxy({
    access: access.map((rule) => ({ ...rule, repositories: ["other/*"] })),
    users,
  });
  assert.notEqual(
    JSON.stringify(before.get("web-files").inputs.uploads),
    JSON.stringify(after.get("web-files").inputs.uploads),
  );
  assert.deepEqual(before.get("web-container").inputs, after.get("web-container").inputs);
});

test("rules for users and groups that there are not are refused before anything is declared", async () => {
  const { message, resources } = await declareFailing(
    () => new RegistryProxy("web", { ...args, access, users: [{ name: "bob" }] }),
  );
  assert.match(message, /access\[0\]\.users\[0\]: "alice" is not one of users/);
  assert.deepEqual(resources, []);
});
