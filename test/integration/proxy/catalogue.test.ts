import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { AccessAction, type AccessRuleArgs } from "../../../components/access/args";
import { serviceUid } from "../../../components/docker/containerSettings";
import { output } from "../../../tools/shell";
import { fill } from "../../support/accessGrid";
import { accessStand, passwordOf, type Stand } from "../../support/accessStand";

const users = [{ name: "few" }, { name: "none" }, { name: "all" }];
const visible = ["hidden/r100", "team/a", "team/z"];
const hidden = Array.from({ length: 247 }, (_, index) => `hidden/r${index}`).filter(
  (name) => !visible.includes(name),
);
const all = [...hidden, ...visible, "zz/last"].sort();
const access: AccessRuleArgs[] = [
  { repositories: visible, users: ["few"], actions: [AccessAction.Pull] },
  { repositories: ["other/*"], users: ["none"], actions: [AccessAction.Push] },
  { repositories: ["hidden/*"], users: ["none"], actions: [AccessAction.Delete] },
  { repositories: ["**"], users: ["all"], actions: [AccessAction.Pull] },
];

describe("the list of repositories", () => {
  let stand: Stand;

  before(async () => {
    stand = await accessStand("catalogue", 18712, { users, access });
    const uploads = join(stand.socket, "..", "..", "data", "docker", "registry", "v2", "repositories");
    // A repository is a folder with links of layers and manifests, to the registry.
    for (const name of all) {
      for (const part of ["_layers", "_manifests/tags/1/current"])
        mkdirSync(join(uploads, name, part), { recursive: true });
      writeFileSync(join(uploads, name, "_manifests/tags/1/current/link"), `sha256:${"0".repeat(64)}`);
    }
    await output(["chown", "-R", `${serviceUid}:${serviceUid}`, join(stand.socket, "..", "..", "data")]);
  });

  after(() => stand?.remove());

  const ask = (user: string, query = "") =>
    stand.ask(`/v2/_catalog${query}`, { user: `${user}:${passwordOf(user)}` });

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

  it("is walked for twenty at once, each of whom gets all of it", async () => {
    const start = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask("few", "?n=10")));
    for (const { status, body } of answers) {
      assert.equal(status, 200, body);
      assert.deepEqual(JSON.parse(body).repositories, visible);
    }
    assert.ok(performance.now() - start < 10_000);
  });
});
