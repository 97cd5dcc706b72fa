import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { ComponentResource } from "@pulumi/pulumi";
import type { PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import * as components from "../../../components";
import { referenceFiles } from "../../../tools/reference/files";
import { readSources, type Sources } from "../../../tools/reference/sources";
import { referenceTables } from "../../../tools/reference/tables";
import { undocumented } from "../../../tools/reference/undocumented";

describe("the reference", () => {
  let files: { readonly [path: string]: string } = {};
  before(() => {
    files = referenceFiles(process.cwd());
  });

  for (const path of ["docs/reference.md", "docs/schema.json"]) {
    test(`${path} is what the comments and types of the source make it`, () => {
      assert.ok(readFileSync(path, "utf8") === files[path], `${path} is stale: run "npm run docs"`);
    });
  }

  test("has no tables of what is gone", () => {
    const marks = [...(files["docs/reference.md"] ?? "").matchAll(/^<!-- (\w+): begin -->$/gm)];
    const { resources }: PackageSpec = JSON.parse(files["docs/schema.json"] ?? "");
    const names = Object.keys(resources).map((token) => token.replace(/^.*:/, ""));
    assert.deepEqual(
      marks.map(([, mark]) => mark).sort(),
      [...names, "arguments", "outputs", "values"].sort(),
    );
  });

  test("has one text for each output that both kinds of registry have", () => {
    const { resources }: PackageSpec = JSON.parse(files["docs/schema.json"] ?? "");
    const outputsOf = (name: string) =>
      Object.entries(resources[`private-registry:index:${name}`]?.properties ?? {});
    const ofOne = new Map(outputsOf("PrivateRegistry").map(([name, { description }]) => [name, description]));
    const shared = outputsOf("RegistryCluster").filter(([name]) => ofOne.has(name));
    assert.ok(shared.length > 10);
    for (const [name, { description }] of shared) assert.equal(description, ofOne.get(name), name);
  });

  test("other languages would get each component that the package exports", () => {
    const exported = Object.entries(components).filter(
      ([, value]) => "prototype" in value && value.prototype instanceof ComponentResource,
    );
    const { resources }: PackageSpec = JSON.parse(files["docs/schema.json"] ?? "");
    assert.deepEqual(
      Object.keys(resources),
      exported.map(([name]) => `private-registry:index:${name}`).sort(),
    );
  });
});

describe("the generator", () => {
  const schema = (description?: string): PackageSpec => ({
    name: "example",
    resources: {
      "example:index:Shop": {
        type: "object",
        description: "Sells.",
        inputProperties: {
          name: { type: "string", plain: true, description: "Its name." },
          wares: {
            type: "array",
            items: { $ref: "#/types/example:index:WareArgs", plain: true },
            plain: true,
            description,
          },
        },
        requiredInputs: ["name"],
        properties: { till: { type: "string", description: "A | B." } },
      },
    },
    types: {
      "example:index:WareArgs": {
        type: "object",
        properties: { price: { type: "number", description: "In pence." } },
        required: ["price"],
      },
    },
  });
  const sources = (tag?: string): Sources => ({
    interfaces: new Map([
      ["ShopArgs", { text: "", bases: ["CommonArgs"], defaults: new Map() }],
      ["CommonArgs", { text: "", bases: [], defaults: new Map(tag === undefined ? [] : [["wares", tag]]) }],
      ["WareArgs", { text: "What is sold.", bases: [], defaults: new Map() }],
    ]),
    components: new Map([
      ["Shop", { throws: "RunError.", methods: new Map([["sell(ware)", "Sells one."]]) }],
    ]),
    enums: new Map(),
  });

  test("asks for a comment, and for the default of what may be left out", () => {
    assert.deepEqual(undocumented(schema("What it sells."), sources("[]")), []);
    assert.deepEqual(undocumented(schema(), sources("[]")), ["ShopArgs.wares"]);
    assert.deepEqual(undocumented(schema("What it sells."), sources()), ["ShopArgs.wares: @default"]);
  });

  test("writes types in words, links to the tables of maps, and says what may be an output", () => {
    const tables = referenceTables(schema("What it sells."), sources("<all there is>"));
    assert.equal(
      tables.get("Shop"),
      [
        "Sells.",
        "",
        "| Argument | Type | Default | Meaning |",
        "| --- | --- | --- | --- |",
        "| `name` | text | required | Its name. |",
        "| `wares` | list of [WareArgs](#wareargs) | all there is | What it sells. |",
        "",
        "| Output | Type | Meaning |",
        "| --- | --- | --- |",
        "| `till` | text | A \\| B. |",
        "",
        "| Method | Meaning |",
        "| --- | --- |",
        "| `sell(ware)` | Sells one. |",
        "",
      ].join("\n"),
    );
    assert.equal(
      tables.get("arguments"),
      [
        "### WareArgs",
        "",
        "What is sold.",
        "",
        "| Argument | Type | Default | Meaning |",
        "| --- | --- | --- | --- |",
        "| `price` | number or output | required | In pence. |",
        "",
      ].join("\n"),
    );
  });

  test("reads a default beside the text or on a line of its own", () => {
    const { interfaces } = readSources("components");
    assert.equal(interfaces.get("CertificateArgs")?.defaults.get("validityDays"), "365");
    assert.equal(interfaces.get("StorageArgs")?.defaults.get("takeOwnership"), "false");
    assert.equal(interfaces.get("UserArgs")?.defaults.get("name"), undefined);
  });
});
