import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { browserOf, openBrowser, type PersonSettings } from "../../support/browser";
import { foreignSite } from "../../support/foreignSite";
import { attack, manyTags, type PageStand, usualImages } from "../../support/pageImages";
import { startPageStand } from "../../support/pageStand";
import { copyPullCommand, deleteTag, openRepository, restoreTag, rowOf } from "../../support/pageWalk";
import { ociManifest } from "../../support/registryTree";

const port = 18750;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

describe("the page for people", () => {
  let stand: PageStand;
  let browser: Browser;
  let html: string;

  before(async () => {
    stand = await startPageStand("page", port);
    await stand.fill((tree) => {
      usualImages(tree);
      manyTags(tree, 5000);
      html = tree.layer("team/evil", "<!doctype html><script>document.title = 'run'</script>").digest;
    });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await stand?.remove();
  });

  const person = async (username: string, options: Partial<PersonSettings> = {}): Promise<Page> => {
    const password = stand.password(username);
    const context = await browserOf(browser, { username, password, ...options });
    return context.newPage();
  };
  const visit = async (username: string, place = "", options: Partial<PersonSettings> = {}) => {
    const page = await person(username, options);
    await page.goto(`${stand.url}/${place}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return page;
  };
  const leave = (page: Page) => page.context().close();
  const statusOf = async (path: string, options = {}) => {
    const user = `admin:${stand.password("admin")}`;
    return (await stand.client.ask(path, { user, headers: { Accept: ociManifest }, ...options })).status;
  };

  it("is for whoever logs in, with the prompt that a browser has", async () => {
    for (const path of ["/", "/_page/page.js", "/_page/about", "/_page/certificate"]) {
      const { status, headers } = await stand.client.ask(path);
      assert.deepEqual([status, headers["www-authenticate"]], [401, 'Basic realm="Private Registry"'], path);
    }
    const stranger = await person("reader", { password: "wrong" });
    assert.equal((await stranger.goto(stand.url))?.status(), 401);
    await leave(stranger);
    const page = await visit("reader");
    await page.getByText("Logged in as reader").waitFor();
    await page.getByText("Basic login has no logout").waitFor();
    await leave(page);
  });

  it("asks its own registry alone", async () => {
    const page = await person("admin");
    const asked: string[] = [];
    const problems: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(stand.url);
    await openRepository(page, "team/app");
    await page.getByRole("link", { name: "State of the registry" }).click();
    await page.getByText("Next run").waitFor();
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(`${stand.url}/`) && url !== "data:,"),
      [],
    );
    assert.deepEqual(problems, []);
    await leave(page);
  });

  it("shows what is there, and gives the command that pulls it", async () => {
    const page = await visit("reader");
    await page.getByRole("link", { name: "team/web" }).waitFor();
    assert.equal(
      await page.getByRole("link", { name: "tools/lint" }).count(),
      0,
      "what a reader may not see",
    );
    await openRepository(page, "team/app");
    const newest = (await rowOf(page, "latest").innerText()).replace(/\s+/g, " ");
    assert.match(newest, /^latest .*20\d\d.* 2\.9 MiB linux\/amd64, linux\/arm64\/v8 kept: in keepTags/);
    assert.match(await rowOf(page, "1.0").innerText(), /would go by a new rule: goes: 60 days old/);
    assert.equal(await copyPullCommand(page, "1.4"), `docker pull 127.0.0.1:${port}/team/app:1.4`);
    await page.getByRole("button", { name: "Details 1.4" }).click();
    await page.getByText("vnd.dev.sigstore.bundle").waitFor();
    await leave(page);
  });

  it("deletes a tag once its name was typed, and has it back", async () => {
    const page = await visit("admin");
    await openRepository(page, "team/app");
    await deleteTag(page, "1.3");
    await page.getByRole("status").getByText("Deleted: team/app:1.3").waitFor();
    assert.equal(await statusOf("/v2/team/app/manifests/1.3"), 404);
    assert.equal(await rowOf(page, "1.3").count(), 1, "among the deleted");
    await restoreTag(page, "1.3");
    assert.equal(await statusOf("/v2/team/app/manifests/1.3"), 200);
    await page.getByRole("button", { name: "Copy pull command 1.3" }).waitFor();
    await leave(page);
  });

  it("refuses a reader in the registry's own words, and changes nothing", async () => {
    const page = await visit("reader");
    await openRepository(page, "team/app");
    await deleteTag(page, "1.2");
    await page.getByRole("alert").getByText("reader may not delete from team/app").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(await statusOf("/v2/team/app/manifests/1.2"), 200);
    await page.getByRole("link", { name: "State of the registry" }).click();
    await page.getByText("reader may not use /_keeper/report").waitFor();
    await page.getByText(/good until .* days from now/).waitFor();
    await leave(page);
  });

  it("shows certificate, disk and the keeper's runs to whoever may see them", async () => {
    const page = await visit("admin", "#/state");
    await page.getByText(/good until .*, \d+ days from now/).waitFor();
    await page
      .getByRole("paragraph")
      .getByText(/\d\sGiB of .* free/)
      .waitFor();
    await page.getByRole("rowheader", { name: "index" }).waitFor();
    await leave(page);
  });

  it("shows the first of 5,000 tags soon, and finds any of them", async (test) => {
    const page = await visit("reader");
    const start = performance.now();
    await page.goto(`${stand.url}/#/r/team/many`);
    await page
      .getByRole("button", { name: /^Copy pull command/ })
      .first()
      .waitFor();
    const first = performance.now() - start;
    await page.getByText("Loading…").waitFor({ state: "detached" });
    test.diagnostic(`first row ${first.toFixed()} ms, all ${(performance.now() - start).toFixed()} ms`);
    assert.ok(first < 10_000, `${first} ms`);
    await page.getByText("100 of 5000").waitFor();
    await page.getByLabel("Find").fill("build-4321");
    await page.getByText("1 of 1").waitFor();
    assert.match(await copyPullCommand(page, "build-4321"), /team\/many:build-4321$/);
    await leave(page);
  });

  it("runs nothing that was pushed: labels and annotations are text", async () => {
    const page = await visit("reader");
    await openRepository(page, "team/evil");
    await page.getByRole("button", { name: "Details script" }).click();
    await page.getByText(attack).first().waitFor();
    assert.equal(await page.getByText(attack).count(), 4, "names and values of a label and an annotation");
    assert.doesNotMatch(await page.title(), /run/);
    assert.equal(await page.locator("img, main script").count(), 0);
    // A name that somebody made up, in a link that somebody sent.
    await page.goto(`${stand.url}/#/r/${encodeURIComponent(attack)}`);
    await page.getByRole("alert").waitFor();
    assert.notEqual(await page.title(), "run");
    assert.equal(await page.locator("img, main script").count(), 0);
    await leave(page);
  });

  it("leaves a blob that is a page with a script a download", async () => {
    const page = await visit("reader");
    const path = `/v2/team/evil/blobs/${html}`;
    const download = page.waitForEvent("download");
    await page.goto(stand.url + path).catch(() => {});
    const file = await (await download).path();
    assert.match(readFileSync(file, "utf8"), /<script>/);
    assert.doesNotMatch(await page.title(), /^run/);
    for (const options of [
      {},
      { headers: { Range: "bytes=0-10" } },
      { method: "DELETE" },
      { method: "PUT" },
    ]) {
      const user = `reader:${stand.password("reader")}`;
      const { headers } = await stand.client.ask(path, { user, ...options });
      assert.deepEqual(
        [headers["x-content-type-options"], headers["content-security-policy"]],
        ["nosniff", "sandbox"],
        JSON.stringify(options),
      );
    }
    await leave(page);
  });

  it("is used with the keyboard alone", async () => {
    const page = await visit("admin");
    const focused = () => page.locator(":focus");
    const tabTo = async (name: string) => {
      for (let press = 0; press < 40; press++) {
        await page.keyboard.press("Tab");
        // After the last of a page the browser's own buttons come.
        if ((await focused().count()) === 0) continue;
        const label = await focused().evaluate((element) => element.getAttribute("aria-label"));
        if ([label, await focused().innerText()].includes(name)) return;
      }
      assert.fail(`"${name}" is not reached`);
    };
    await page.getByText("Loading…").waitFor({ state: "detached" });
    await tabTo("team/web");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "team/web" }).waitFor();
    await page.getByText("Loading…").waitFor({ state: "detached" });
    await tabTo("Delete 1");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await focused().getAttribute("aria-label"), "Delete 1", "the focus is where it was");
    await page.keyboard.press("Enter");
    await page.keyboard.type("1");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Deleted: team/web:1").waitFor();
    assert.equal(await focused().getAttribute("aria-label"), "Restore 1");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Restored: team/web:1").waitFor();
    assert.equal(await statusOf("/v2/team/web/manifests/1"), 200);
    await leave(page);
  });

  it("is refused what a page of another site does with its login", async () => {
    const uploads = `${stand.url}/v2/team/app/blobs/uploads/`;
    const addresses = [uploads, `${stand.url}/_keeper/delete`];
    const site = await foreignSite(addresses);
    const page = await visit("admin");
    try {
      for (const address of addresses) {
        await page.goto(site.url);
        const answer = page.waitForResponse(address);
        await page.getByRole("button", { name: address }).click();
        const response = await answer;
        assert.equal(response.status(), 403, address);
        const sent = await response.request().allHeaders();
        assert.match(sent.authorization ?? "", /^Basic /, "the browser has sent the login");
        assert.match(await response.text(), /another site/);
      }
    } finally {
      site.close();
    }
    const post = (headers: { [name: string]: string }) =>
      statusOf("/v2/team/app/blobs/uploads/", { method: "POST", headers });
    assert.equal(await post({}), 202, "a program sends no such header");
    assert.equal(await post({ Origin: stand.url }), 202, "an old browser, from the page itself");
    assert.equal(await post({ "Sec-Fetch-Site": "same-origin", Origin: stand.url }), 202);
    const foreign: { [name: string]: string }[] = [
      { Origin: "https://elsewhere.example" },
      { Origin: "null" },
      { Origin: `http://127.0.0.1:${port}` },
      { Origin: `${stand.url}.elsewhere.example` },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site", Origin: stand.url },
    ];
    for (const headers of foreign) assert.equal(await post(headers), 403, JSON.stringify(headers));
    await leave(page);
  });

  it("has no serious finding of axe, in light and dark, and fits a phone", async () => {
    const views = ["", "#/r/team/app", "#/r/team/evil", "#/state"];
    for (const [colorScheme, places] of [
      ["light", views],
      ["dark", views.slice(1, 2)],
    ] as const) {
      const page = await visit("admin", "", {
        colorScheme,
        viewport: { width: 375, height: 700 },
        bypassCSP: true,
      });
      for (const place of places) {
        await page.goto(`${stand.url}/${place}`);
        await page.getByText("Loading…").waitFor({ state: "detached" });
        const [opener] = await page.getByRole("button", { name: /^Details/ }).all();
        await opener?.click();
        await page.getByText("Loading…").waitFor({ state: "detached" });
        await page.evaluate(axe);
        const found = Object(await page.evaluate("axe.run()"));
        const serious = found.violations.filter(({ impact }: { impact: string }) =>
          /serious|critical/.test(impact),
        );
        assert.deepEqual(serious, [], `${place} ${colorScheme}`);
        const [inner, outer] = await page.evaluate<number[]>("[document.body.scrollWidth, innerWidth]");
        assert.ok(Number(inner) <= Number(outer), `${place}: ${inner} of ${outer}`);
      }
      await leave(page);
    }
  });

  it("speaks Chinese to whoever reads it", async () => {
    const page = await visit("reader", "", { locale: "zh-CN" });
    await page.getByRole("heading", { name: "仓库列表" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await leave(page);
  });
});
