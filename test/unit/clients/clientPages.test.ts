import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { clients } from "../../../components/clients/kinds/clients";

const PROJECT = resolve(__dirname, "../../..");
const PAGES = "docs/clients";
/** What the pages take for granted. */
const EXAMPLE = {
  addresses: ["registry.example.com:5443"],
  caCertificate: "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
  username: "alice",
  password: "PASSWORD",
  hostsEntry: "",
};
const AUTH = Buffer.from(`${EXAMPLE.username}:${EXAMPLE.password}`).toString("base64");

const read = (path: string) => readFileSync(join(PROJECT, path), "utf8");
const pages = readdirSync(join(PROJECT, PAGES)).map((page) => join(PAGES, page));

/** The kinds of client that a page is about, as the table of the index has them. */
function kindsOf(page: string): string[] {
  const link = `](clients/${page.slice(PAGES.length + 1)})`;
  const row = read("docs/clients.md")
    .split("\n")
    .find((line) => line.startsWith("| [") && line.includes(link));
  return [...(row?.split("|")[2]?.matchAll(/`(\w+)`/g) ?? [])].map(([, kind = ""]) => kind);
}

test("every kind of client has a page, which has each of its files and commands", () => {
  const bundles = Object.entries(clients(EXAMPLE));
  assert.deepEqual(pages.flatMap(kindsOf).sort(), bundles.map(([kind]) => kind).sort());
  for (const page of pages) {
    const text = read(page);
    for (const [kind, { files, fragments, commands }] of bundles) {
      if (!kindsOf(page).includes(kind)) continue;
      const texts = Object.entries({ ...files, ...fragments });
      // The authority and the login are outputs; RKE2's file is k3s's in another folder.
      const shown = texts.filter(
        ([path, content]) =>
          content !== EXAMPLE.caCertificate &&
          !content.includes(AUTH) &&
          !/auth\.json|-secret|rke2/.test(path),
      );
      for (const part of [
        `\`${kind}\``,
        ...texts.map(([path]) => path),
        ...shown.map(([, content]) => content),
        ...commands,
      ])
        assert.ok(text.includes(part.trimEnd()), `${page} lacks this of ${kind}:\n${part}`);
    }
  }
});
