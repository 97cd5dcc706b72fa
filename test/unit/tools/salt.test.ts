import assert from "node:assert/strict";
import { test } from "node:test";
import { holdsSecret, saltOf, settle, withoutSalt, withSalt } from "../../../tools/salt";

const plain = "# mine\nconfig:\n  private-registry:port:   5443 # odd spacing\n";
const salt = "v1:cyySNR4d36U=:v1:eZpn1uXoBrCSYKgH:mcpFSxw+3BVB9llea1p47VXLEHfzgA==";

test("a salt put in and taken out again leaves the file byte for byte", () => {
  for (const text of ["", plain, "config: {}\n", "\n\n", "config:\r\n  a:b: c\r\n"]) {
    const salted = withSalt(text, salt);
    assert.equal(saltOf(salted), salt);
    assert.equal(withoutSalt(salted), text);
  }
});

test("a file without a last newline comes back without one", () => {
  const text = "config:\n  a:b: c";
  assert.equal(settle(text, withSalt(text, salt)), text);
});

test("a file that has a salt keeps it", () => {
  const text = "encryptionsalt: v1:other\n";
  assert.equal(withSalt(text, salt), text);
});

test("a salt among other lines is found and taken out alone", () => {
  assert.equal(withoutSalt(`a: 1\nencryptionsalt: ${salt}\nb: 2\n`), "a: 1\nb: 2\n");
});

test("an indented encryptionsalt is somebody's setting, not the salt", () => {
  assert.equal(saltOf("config:\n  encryptionsalt: x\n"), undefined);
});

test("what the engine rewrote in its own style goes back to the user's", () => {
  const rewritten = `# mine\nconfig:\n  private-registry:port: "5443" # odd spacing\nencryptionsalt: ${salt}\n`;
  assert.equal(settle(plain, rewritten), plain);
});

test("a setting changed by the engine stays, without the salt", () => {
  const changed = `# mine\nconfig:\n  private-registry:port: "6443"\n`;
  assert.equal(settle(plain, `${changed}encryptionsalt: ${salt}\n`), changed);
});

test("a file that the engine made for the salt alone is taken away", () => {
  assert.equal(settle(undefined, `encryptionsalt: ${salt}\n`), undefined);
});

test("a file with an encrypted value keeps its salt", () => {
  const secret = `config:\n  a:b:\n    secure: v1:abc\nencryptionsalt: ${salt}\n`;
  assert.equal(holdsSecret(secret), true);
  assert.equal(settle(plain, secret), secret);
});

test("encrypted values are seen in lists and in flow style, and not in other words", () => {
  assert.equal(holdsSecret("config:\n  a:b:\n    - secure: v1:abc\n"), true);
  assert.equal(holdsSecret('config: {"a:b": {"secure": "v1:abc"}}\n'), true);
  assert.equal(holdsSecret("config:\n  a:insecure: true\n"), false);
});

test("a file left by an engine that was killed loses its salt at the next run", () => {
  assert.equal(settle(withSalt(plain, salt), withSalt(plain, salt)), plain);
});
