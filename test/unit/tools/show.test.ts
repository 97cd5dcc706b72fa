import assert from "node:assert/strict";
import { test } from "node:test";
import { readable, valueAt } from "../../../tools/commands/show";
import { makeContext } from "../../../tools/context";

const outputs = {
  endpoint: "registry.example.com",
  credentials: { admin: "1e5", "ci.bot": "secret" },
  clients: { docker: { files: { "/etc/ca.crt": "-----BEGIN\nABC\n" }, commands: ["docker login"] } },
  installScripts: {},
  certificateDaysLeft: 42,
};
const at = (...names: string[]) => valueAt(makeContext("dev"), outputs, names);

test("an output is shown, or what its keys lead to", () => {
  assert.equal(at("endpoint"), "registry.example.com");
  assert.equal(at("credentials", "ci.bot"), "secret");
  assert.equal(at("clients", "docker", "commands", "0"), "docker login");
});

test("a text ends its line once, so that a file of it is what it was", () => {
  assert.equal(readable("registry.example.com"), "registry.example.com\n");
  assert.equal(readable("-----BEGIN\nABC\n"), "-----BEGIN\nABC\n");
  assert.equal(readable(42), "42\n");
});

test("what has keys is shown as a person reads it, with texts of many lines as such", () => {
  assert.equal(readable(outputs.credentials), 'admin: "1e5"\nci.bot: secret\n');
  assert.equal(readable(outputs.clients.docker.files), "/etc/ca.crt: |\n  -----BEGIN\n  ABC\n");
});

test("an unknown output is refused with the nearest one, and with why it may be missing", () => {
  assert.throws(
    () => at("credential"),
    /^Error: the stack "dev" has no output "credential", or your settings leave it empty; did you mean "credentials"\? There are: endpoint, .*npm run up adds new ones\.$/,
  );
  assert.throws(
    () => at("toString"),
    /has no output "toString", or your settings leave it empty\. There are/,
  );
});

test("an unknown key is refused with those that there are", () => {
  assert.throws(
    () => at("credentials", "amdin"),
    /credentials has no key "amdin"; did you mean "admin"\? There are: admin, ci\.bot\./,
  );
  assert.throws(() => at("installScripts", "ci"), /installScripts has no key "ci"\. There are: none\./);
  assert.throws(() => at("endpoint", "x"), /endpoint is a single value: leave "x" out/);
  assert.throws(() => at("clients", "docker", "tested"), /clients docker has no key "tested"/);
});
