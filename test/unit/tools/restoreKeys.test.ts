import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { stringify } from "yaml";
import { linesOf, restoreKeys } from "../../../tools/restore/keys";

const folder = mkdtempSync(join(tmpdir(), "restore-keys-"));
after(() => rmSync(folder, { recursive: true }));
const names = ["RESTIC_REPOSITORY", "RESTIC_PASSWORD", "AWS_ACCESS_KEY_ID"] as const;

/** What a clone without the stack knows, with these settings and this environment. */
async function keysOf(
  settings: object,
  environment: { readonly [name in (typeof names)[number]]?: string },
  from?: string,
) {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), stringify({ config: { "shop:settings": settings } }));
  const before = names.map((name) => process.env[name]);
  for (const name of names) {
    delete process.env[name];
    const value = environment[name];
    if (value !== undefined) process.env[name] = value;
  }
  try {
    const folders = { projectDirectory: folder, stateDirectory: folder, cacheDirectory: folder };
    return await restoreKeys({ project: "shop", stack: "dev", ...folders }, {}, from);
  } finally {
    for (const [index, name] of names.entries()) {
      const value = before[index];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

test("without the stack, a backup is where the settings, --from or restic's own variables say", async () => {
  const password = { RESTIC_PASSWORD: "p" };
  const folderKeys = await keysOf({ backup: { folder: "/mnt/a" } }, password);
  assert.deepEqual([folderKeys.folder, folderKeys.repository], ["/mnt/a", "/repository"]);
  assert.equal((await keysOf({ backup: { folder: "/mnt/a" } }, password, "/mnt/b")).folder, "/mnt/b");
  const remote = await keysOf(
    {},
    { ...password, RESTIC_REPOSITORY: "s3:https://s3/a", AWS_ACCESS_KEY_ID: "key" },
  );
  assert.deepEqual([remote.folder, remote.repository], [undefined, "s3:https://s3/a"]);
  assert.match(remote.lines, /^AWS_ACCESS_KEY_ID='key'$/m);
  await assert.rejects(keysOf({}, password), /not known where the backup is: name its folder with --from/);
  await assert.rejects(
    keysOf({}, {}, "/mnt/a"),
    /there is no password for the backup: npm run restore-state/,
  );
});

test("secrets reach restic's shell as they are, whatever they hold", () => {
  const password = `a 'b' "c" $(d) \\ e`;
  const lines = linesOf({ repository: "/repository", password, secretKey: "x;y" });
  assert.equal(
    lines,
    `AWS_SECRET_ACCESS_KEY='x;y'\nRESTIC_REPOSITORY='/repository'\nRESTIC_PASSWORD='a '\\''b'\\'' "c" $(d) \\ e'\nexport AWS_SECRET_ACCESS_KEY\n`,
  );
});
