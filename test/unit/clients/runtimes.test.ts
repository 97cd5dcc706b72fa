import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { ClientSettings } from "../../../components/clients/kinds/client";
import { installScript } from "../../../components/clients/script/installScript";
import { runtimes, stores } from "../../../components/clients/script/runtimes";

const docs = resolve(__dirname, "../../../docs");
const read = (...path: string[]) => readFileSync(join(docs, ...path), "utf8");
const settings: ClientSettings = {
  addresses: ["registry.example.com"],
  caCertificate: "CA\n",
  username: "alice",
  password: "secret",
  hostsEntry: "",
};

test("the page of the clients lists the runtimes of the install script in their order", () => {
  const row = /^\| `--for docker,podman` \| These runtimes instead of those found: (.*) \|$/m.exec(
    read("clients.md"),
  );
  const names = row?.[1]?.split(", ").map((name) => name.replaceAll("`", ""));
  assert.deepEqual(names, Object.keys(runtimes));
});

test("each runtime of the install script has a page, which the index links", () => {
  for (const { page } of Object.values(runtimes)) {
    assert.ok(existsSync(join(docs, "clients", page)), page);
    assert.ok(read("clients.md").includes(`](clients/${page})`), page);
  }
});

test("the README names each runtime of the install script", () => {
  const [, sentence = ""] = /It sets up what it finds there: ([^.]+)\./.exec(read("../README.md")) ?? [];
  for (const { title } of Object.values(runtimes))
    assert.ok(sentence.includes(title.split(" ")[0] ?? ""), title);
});

test("the usage of the install script describes each runtime, in lines that fit", () => {
  const usage = /^USAGE_OF_FOR='([^']*)'$/m.exec(installScript(settings))?.[1] ?? "";
  const described = Object.entries(runtimes).map(([name, { remark }]) =>
    remark ? `${name} (${remark})` : name,
  );
  assert.equal(
    usage.split(/\s+/).join(" "),
    ` --for docker,podman these runtimes instead of those found: ${described.join(", ")}`,
  );
  for (const line of usage.split("\n")) assert.ok(line.length <= 120, line);
});

test("a runtime of the whole machine has its files below /etc, where a user's are below ~/.config", () => {
  for (const [name, { files, shared }] of Object.entries(runtimes)) {
    const paths = [...Object.keys(files(settings)), ...(shared ? [shared.path] : [])];
    assert.ok(paths.length > 0, name);
    for (const path of paths) assert.match(path, /^\/etc\//);
  }
});

test("a user's own runtime has a store for the login, and every store a runtime", () => {
  const used = Object.values(runtimes).flatMap(({ perUser, store }) => (perUser ? [store] : []));
  assert.deepEqual([...new Set(used)], Object.keys(stores));
});
