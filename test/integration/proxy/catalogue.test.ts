import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AccessAction } from "../../../components/access/args";
import { until } from "../../../tools/shell";
import { fill } from "../../support/accessGrid";
import { passwordOf, type Stand } from "../../support/accessStand";
import {
  catalogueAccess as access,
  repositories as all,
  askAs,
  catalogueStand,
  fillForPulls,
  pullLoad,
  twentyCatalogues,
  catalogueUsers as users,
  visible,
} from "../../support/catalogueLoad";

describe("the list of repositories", () => {
  let stand: Stand;

  before(async () => {
    stand = await catalogueStand("catalogue", 18712);
  });

  after(() => stand?.remove());

  const ask = (user: string, query = "") => askAs(stand, user, `/v2/_catalog${query}`);

  async function walk(user: string, query: string) {
    const pages: string[][] = [];
    const links: string[] = [];
    for (let next = query; next !== "" && pages.length < 300; ) {
      const { status, headers, body } = await ask(user, next);
      assert.equal(status, 200, body);
      pages.push(JSON.parse(body).repositories);
      const link = String(headers.link ?? "");
      if (link !== "") links.push(link);
      next = /^<\/v2\/_catalog(\?[^>]+)>; rel="next"$/.exec(link)?.[1] ?? "";
    }
    return { pages, names: pages.flat(), links };
  }

  it("has those that a user may pull, by pages of every size, and no link names another one", async () => {
    for (let size = 1; size <= 10; size++) {
      const { pages, names, links } = await walk("few", `?n=${size}`);
      assert.deepEqual(names, visible, `pages of ${size}`);
      assert.equal(pages.length, Math.ceil(visible.length / size));
      for (const link of links)
        assert.match(link, /last=(hidden%2Fr100|team%2Fa)&n=\d+>/, "only what was shown is named");
    }
    assert.deepEqual((await walk("few", "?x=1")).names, visible);
  });

  it("goes on after any name, hidden and unknown ones as well", async () => {
    for (const last of ["hidden/r1", "hidden%2Fr100", "nothing", "a", "team/a", "zz"]) {
      const after = visible.filter((name) => name > decodeURIComponent(last));
      assert.deepEqual((await walk("few", `?n=1&last=${last}`)).names, after, last);
    }
  });

  it("is empty for whoever may only delete or push elsewhere, and whole for whoever may pull everything", async () => {
    assert.deepEqual((await walk("none", "?n=5")).pages, [[]]);
    assert.deepEqual((await walk("all", "?n=100")).names, all);
    assert.deepEqual((await walk("few", "?n=0")).pages, [[]]);
  });

  it("is for users alone, and takes numbers alone", async () => {
    assert.equal((await stand.ask("/v2/_catalog")).status, 401);
    for (const n of ["-1", "x", "1x", "%31%32x", ""]) {
      const { status, body } = await ask("few", `?n=${n}`);
      assert.equal(status, 400, n);
      assert.match(body, /PAGINATION_NUMBER_INVALID/);
    }
    assert.equal((await ask("few", "?n=99999")).status, 200);
    assert.equal((await ask("few", "?last=%ff")).status, 400);
  });

  it("says nothing of hidden names to any other method, or with a slash at the end", async () => {
    for (const method of ["HEAD", "POST", "OPTIONS"])
      for (const path of ["/v2/_catalog?n=1", "/v2/_catalog/?n=1"]) {
        const { headers, body } = await stand.ask(path, { method, user: `few:${passwordOf("few")}` });
        assert.doesNotMatch(JSON.stringify(headers) + body, /hidden|zz/, `${method} ${path}`);
      }
    assert.doesNotMatch((await ask("few", "/?n=1")).body, /hidden/);
  });

  it("has a repository from its first push on", async () => {
    const settings = {
      users,
      access: [...access, { repositories: ["fresh/*"], users: ["few"], actions: [AccessAction.Push] }],
    };
    await stand.use(settings);
    await fill(stand, `few:${passwordOf("few")}`, ["fresh/app"]);
    assert.deepEqual((await walk("few", "?n=1")).names, ["fresh/app", ...visible]);
    await stand.use({ users, access });
  });

  for (const [title, isRight, places] of [
    [
      "is walked for two at a time, of twenty who ask at once, and fails no pull",
      (most: number) => most <= 2,
      '["0", "1"]',
    ],
    [
      "would be seen to be walked for more",
      (most: number) => most > 2,
      JSON.stringify([..."0123456789abcdef"]),
    ],
  ] as const)
    it(title, async (test) => {
      await fillForPulls(stand);
      const mutate = (name: string, text: string) =>
        name === "catalogue.js"
          ? noting(text).replace('const places = ["0", "1"];', `const places = ${places};`)
          : text;
      await stand.use({ users, access, mutate });
      const before = walksIn(await stand.log()).length;
      const stop = pullLoad(stand);
      const answers = await twentyCatalogues(stand);
      const { pulls, failures } = await stop();
      for (const { status, body } of answers) {
        assert.equal(status, 200, body);
        assert.deepEqual(JSON.parse(body).repositories, visible);
      }
      assert.deepEqual(failures, []);
      const walks = async () => walksIn(await stand.log()).slice(before);
      await until("the walks are in the log", async () => (await walks()).length === 40);
      const most = Math.max(...(await walks()));
      assert.ok(isRight(most), String(most));
      test.diagnostic(`${pulls} pulls beside`);
    });
});

/** The script, with lines in the log, and walks that last. */
function noting(text: string): string {
  return text
    .replace(
      "await list(",
      'r.error("walk begins"); await new Promise((done) => { setTimeout(done, 100); });\n$&',
    )
    .replace("ngx.shared.walks.delete", 'r.error("walk ends");\n$&');
}

/** What happened to walks, in order: how many went on then. */
function walksIn(log: string): number[] {
  let now = 0;
  return [...log.matchAll(/walk (begins|ends)/g)].map(([, what]) => (now += what === "begins" ? 1 : -1));
}
