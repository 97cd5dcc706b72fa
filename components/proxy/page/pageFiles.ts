import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the page among the files of the proxy. */
export const pageFolder = "page";

/** Names of the files that the page is made of. */
export const pageFileNames = [
  ...["index.html", "page.css", "page.js"],
  ...[
    "ask.js",
    "certificate.js",
    "confirm.js",
    "dom.js",
    "image.js",
    "pull.js",
    "repositories.js",
    "state.js",
  ],
  ...["tags.js", "texts.js"],
] as const;

/** Those files, by their paths among the files of the proxy. */
export function pageFiles(): { readonly [path: string]: string } {
  const texts = pageFileNames.map((name) => [
    `${pageFolder}/${name}`,
    readFileSync(join(__dirname, "files", name), "utf8"),
  ]);
  return Object.fromEntries(texts);
}
