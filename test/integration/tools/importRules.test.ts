import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, describe, it } from "node:test";

const repository = resolve(__dirname, "../../..");
const program = join(repository, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

/** Names of the rules that a tree of these files breaks, each with the file that does. */
function broken(folder: string, files: { readonly [path: string]: string }): string[] {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries({ "tsconfig.json": "{}", ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const folders = [...new Set(Object.keys(files).map((path) => path.split("/")[0] ?? ""))];
  const config = join(repository, ".dependency-cruiser.cjs");
  const args = [program, "--config", config, "--output-type", "json", ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  const { summary } = JSON.parse(stdout);
  return summary.violations.map(
    ({ rule, from }: { rule: { name: string }; from: string }) => `${rule.name}: ${from}`,
  );
}

describe("the rules of imports that lint checks", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-imports-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("refuse a circle, of types alone as well", () => {
    const files = {
      "components/a.ts": 'import type { B } from "./b";\nexport interface A { readonly b: B }\n',
      "components/b.ts": 'import type { A } from "./a";\nexport interface B { readonly a: A }\n',
    };
    assert.deepEqual(broken(folder, files), ["no-circle: components/a.ts"]);
  });

  it("refuse what runs against the order of folders, and nothing else", () => {
    const one = "export const one = 1;\n";
    const from = (path: string) => `export { one } from "${path}";\n`;
    const found = broken(folder, {
      "components/one.ts": one,
      "components/up.ts": from("../infra/up"),
      "infra/up.ts": from("../components/one"),
      "infra/tools.ts": from("../tools/up"),
      "tools/up.ts": from("../infra/up"),
      "tools/test.ts": from("../test/up"),
      "bench/up.ts": from("../tools/up"),
      "bench/test.ts": from("../test/one"),
      "examples/application/index.ts": from("../../components/one"),
      "test/one.ts": one,
      "test/up.ts": from("../bench/up"),
    });
    assert.deepEqual(found.sort(), [
      "bench-imports-only-components-and-tools: bench/test.ts",
      "components-imports-only-itself: components/up.ts",
      "examples-imports-only-itself: examples/application/index.ts",
      "infra-imports-only-components: infra/tools.ts",
      "tools-imports-only-components-and-infra: tools/test.ts",
    ]);
  });

  it("refuse the SDK at run time in a pure file, and allow its types", () => {
    const use = (how: string) => `import ${how} "@pulumi/pulumi";\nexport type Given = Input<string>;\n`;
    const found = broken(folder, {
      "node_modules/@pulumi/pulumi/index.d.ts": "export type Input<T> = T;\nexport const secret: number;\n",
      "node_modules/@pulumi/pulumi/package.json": '{ "name": "@pulumi/pulumi", "types": "index.d.ts" }',
      ...Object.fromEntries(
        ["users/args", "users/problems", "nginxConfig", "proxyScripts", "grammar", "users/users"].flatMap(
          (name) => [
            [`components/${name}.ts`, use("{ type Input, secret } from")],
            [`components/other/${name}.ts`, use("type { Input } from")],
          ],
        ),
      ),
    });
    assert.deepEqual(
      found.sort(),
      ["grammar", "nginxConfig", "proxyScripts", "users/args", "users/problems"].map(
        (name) => `pure-files-run-without-pulumi: components/${name}.ts`,
      ),
    );
  });
});
