import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { hasInClear } from "../../../infra/clearText";

const folder = mkdtempSync(join(tmpdir(), "private-registry-clear-"));
const file = join(folder, "Pulumi.dev.yaml");
after(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(
  file,
  `config:
  private-registry:settings:
    users:
      - name: ci
        password: hunter22
      - name: alice
        password:
          secure: v1:abc:def
    outgoing:
      secure: v1:abc:def
`,
);
const isClear = (path: string, value: unknown) => hasInClear(file, "private-registry", path, value);

test("a value is in clear where the stack file has it, beside others that are encrypted", () => {
  assert.equal(isClear("settings.users[0].password", "hunter22"), true);
  assert.equal(isClear("settings.users[1].password", "hunter22"), false);
  assert.equal(isClear("settings.outgoing.proxy", "http://ci:hunter22@proxy.example.com"), false);
});

test("a value of another file, or that the file has otherwise, is not", () => {
  assert.equal(isClear("settings.users[0].password", "hunter23"), false);
  assert.equal(isClear("settings.users[2].password", "hunter22"), false);
  assert.equal(
    hasInClear(join(folder, "none.yaml"), "private-registry", "settings.users[0].password", "x"),
    false,
  );
});
