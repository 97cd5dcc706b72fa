// A browser as a person has it: Chromium without a window, of this machine's packages.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";

/** The program, by the names that systems give it. */
function chromiumProgram(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = ["chromium", "chromium-browser"]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error("there is no chromium on this machine: npm test installs it");
  return found;
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumProgram(), args: ["--disable-gpu"] });
}

/** Whom a browser logs in as, once a site asks, and what else is set in it. */
export interface PersonSettings extends BrowserContextOptions {
  readonly username: string;
  readonly password: string;
}

/** The browser of one person, who took the certificate on trust, and lets the page copy. */
export async function browserOf(
  browser: Browser,
  { username, password, ...options }: PersonSettings,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    httpCredentials: { username, password },
    locale: "en-GB",
    timezoneId: "UTC",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  context.setDefaultTimeout(15_000);
  return context;
}
