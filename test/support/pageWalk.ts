// What a person does on the page, by what is to be seen and read there.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Opens a repository as a person does: by the list of them. */
export async function openRepository(page: Page, repository: string): Promise<void> {
  await page.getByRole("link", { name: "Repositories" }).click();
  await page.getByLabel("Find").fill(repository.slice(1));
  await page.getByRole("link", { name: repository, exact: true }).click();
  await page.getByRole("heading", { name: repository, exact: true }).waitFor();
  await page.getByText("Loading…").waitFor({ state: "detached" });
}

/** What is written in the row of a tag. */
export function rowOf(page: Page, tag: string) {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: tag, exact: true }) });
}

/** Copies the command that pulls a tag, and answers with it. */
export async function copyPullCommand(page: Page, tag: string): Promise<string> {
  await page.getByRole("button", { name: `Copy pull command ${tag}`, exact: true }).click();
  await page.getByRole("status").getByText("Copied:").waitFor();
  return page.evaluate("navigator.clipboard.readText()").then(String);
}

/** Deletes a tag: the button does nothing before its name is typed. */
export async function deleteTag(page: Page, tag: string): Promise<void> {
  await page.getByRole("button", { name: `Delete ${tag}`, exact: true }).click();
  const dialog = page.getByRole("dialog");
  const go = dialog.getByRole("button", { name: "Delete" });
  assert.ok(await go.isDisabled());
  await dialog.getByRole("textbox").pressSequentially(tag.slice(0, -1));
  assert.ok(await go.isDisabled(), "half of the name is not enough");
  await dialog.getByRole("textbox").press("End");
  await dialog.getByRole("textbox").pressSequentially(tag.slice(-1));
  await go.click();
}

export async function restoreTag(page: Page, tag: string): Promise<void> {
  await page.getByRole("button", { name: `Restore ${tag}`, exact: true }).click();
  await page.getByRole("status").getByText("Restored:").waitFor();
}

/** What a person may do, and who answers. */
export interface Walker {
  readonly mayDelete: boolean;
  readonly hasKeeper: boolean;
}

/** The whole way of a person through the page: find, copy, look closer, delete, and have it back. */
export async function walkPage(page: Page, url: string, { mayDelete, hasKeeper }: Walker): Promise<void> {
  await page.goto(url);
  await openRepository(page, "team/app");
  assert.match(
    await copyPullCommand(page, "1.4"),
    new RegExp(`^docker pull ${new URL(url).host}/team/app:1\\.4$`),
  );
  await page.getByRole("button", { name: "Details 1.4" }).click();
  await page.getByText("linux/amd64", { exact: true }).last().waitFor();
  if (hasKeeper) await page.getByText("vnd.dev.sigstore.bundle").waitFor();
  else await page.getByText("The keeper is off").waitFor();
  await deleteTag(page, "1.1");
  if (!mayDelete) {
    await page.getByRole("alert").getByText("reader may not delete from team/app").waitFor();
    return;
  }
  await page.getByRole("status").getByText("Deleted: team/app:1.1").waitFor();
  await rowOf(page, "1.1").getByRole("button", { name: "Delete" }).waitFor({ state: "detached" });
  if (hasKeeper) await restoreTag(page, "1.1");
  await page.getByRole("link", { name: "State of the registry" }).click();
  await page.getByText(hasKeeper ? "Next run" : "The keeper is off").waitFor();
}
