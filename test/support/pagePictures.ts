// Pictures of the page, for the documents.
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { browserOf } from "./browser";
import type { PageStand } from "./pageImages";
import { openRepository } from "./pageWalk";

/** Takes one in light and one in dark, of the tags of a repository, with all that is known of one of them. */
export async function takePictures(browser: Browser, stand: PageStand, folder: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    const person = { username: "admin", password: stand.password("admin") };
    const context = await browserOf(browser, {
      ...person,
      colorScheme,
      viewport: { width: 1100, height: 620 },
    });
    const page = await context.newPage();
    await page.goto(stand.url);
    await openRepository(page, "team/app");
    await page.getByRole("button", { name: "Details 1.4" }).click();
    await page.getByText("vnd.dev.sigstore.bundle").waitFor();
    await page.getByRole("heading", { level: 1 }).click();
    await page.screenshot({ path: join(folder, `page-${colorScheme}.png`) });
    await context.close();
  }
}
