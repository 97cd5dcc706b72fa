import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const PROJECT = resolve(__dirname, "../..");
const markdownIn = (folder: string) =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => join(folder, name));
const pages = [
  ...readdirSync(PROJECT).filter((name) => name.endsWith(".md")),
  ...["docs", "examples"].flatMap(markdownIn),
];
const read = (path: string) => readFileSync(join(PROJECT, path), "utf8");

/** A page without its blocks of code, in which a bracket is no link. */
const prose = (page: string) => read(page).replace(/^```.*?^```$/gms, "");

/** Where the links and pictures of a page lead, but for other sites. */
const targetsOf = (page: string) =>
  [...prose(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = ""]) => target);

/** The headings of a page, as addresses of its parts. */
function headings(path: string): string[] {
  return [...prose(path).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-"),
  );
}

test("every link of every page leads to a file, and to a heading of it", () => {
  assert.ok(pages.length > 25);
  assert.ok(pages.flatMap(targetsOf).length > 150);
  for (const page of pages)
    for (const target of targetsOf(page)) {
      const [file = "", heading] = target.split("#");
      const path = file === "" ? page : join(dirname(page), file);
      assert.ok(existsSync(join(PROJECT, path)), `${page}: ${target}`);
      if (heading !== undefined) assert.ok(headings(path).includes(heading), `${page}: ${target}`);
    }
});

test("the package has each page, and what its links lead to", () => {
  const { files }: { files: string[] } = JSON.parse(read("package.json"));
  // npm packs these two anyway.
  const patterns = [...files, "README.md", "LICENSE"].map(
    (pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]+")}(/|$)`),
  );
  const isPacked = (path: string) => patterns.some((pattern) => pattern.test(path));
  for (const page of pages) {
    assert.ok(isPacked(page), page);
    for (const [path = ""] of targetsOf(page).map((target) => target.split("#"))) {
      const found = path === "" ? page : join(dirname(page), path);
      assert.ok(isPacked(found) || isPacked(join(found, "README.md")), `${page}: ${path}`);
    }
  }
});

test("every page and picture of docs can be reached by links from the README", () => {
  const found = new Set(["README.md"]);
  for (const page of found)
    if (page.endsWith(".md"))
      for (const target of targetsOf(page)) {
        const [file = ""] = target.split("#");
        if (file !== "") found.add(join(dirname(page), file));
      }
  const files = readdirSync(join(PROJECT, "docs"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /\.(md|svg)$/.test(name)))
    assert.ok(found.has(join("docs", file)), `nothing leads to docs/${file}`);
  assert.ok(found.has("CONTRIBUTING.md") && found.has("SECURITY.md"));
});

test("a command that the pages print is one that there is", () => {
  const { scripts } = JSON.parse(read("package.json"));
  for (const page of pages)
    for (const [, name = ""] of read(page).matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g))
      assert.ok(Object.hasOwn(scripts, name), `${page}: npm run ${name}`);
});
