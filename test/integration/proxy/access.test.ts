import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AccessAction } from "../../../components/access/args";
import { blob, handwritten, hostile, mounts, mutants } from "../../support/accessAttacks";
import { askers, fill, type GridAsker, gridDifferences } from "../../support/accessGrid";
import type { World } from "../../support/accessModel";
import { ruleArgs } from "../../support/accessScript";
import { accessStand, passwordOf, type Stand, type StandSettings } from "../../support/accessStand";
import { numbersFrom, randomRepository, randomWorld } from "../../support/accessWorlds";

const today = new Date().toISOString().slice(0, 10);
const world: World = {
  today,
  users: [
    { name: "reader", groups: ["readers"] },
    { name: "Reader", groups: ["odd"] },
    { name: "pusher", groups: ["dev"] },
    { name: "deleter" },
    { name: "late", groups: ["dev"], expires: "2020-02-29" },
    { name: "last.day@x", groups: ["readers"], expires: today },
  ],
  rules: [
    { repositories: ["team/*", "x/**"], groups: ["readers"], actions: ["pull"] },
    { repositories: ["team/**", "blobs/uploads"], groups: ["dev"], actions: ["push"] },
    { repositories: ["team/app", "**/uploads"], users: ["deleter"], actions: ["delete"] },
    { repositories: ["public/*"], anonymous: true, actions: ["pull"] },
    { repositories: ["odd-*"], groups: ["odd"], actions: ["pull", "delete"] },
  ],
};
const repositories = [
  "team/app",
  "team/app/deep",
  "steam/app",
  "secret/app",
  "public/app",
  "x/blobs/uploads/app",
  "x/manifests/latest",
  "blobs/uploads",
  "odd-a",
];
const settings: StandSettings = { users: world.users, access: ruleArgs(world) };
const everything = [{ repositories: ["**"], users: ["root"], actions: Object.values(AccessAction) }];
const root = `root:${passwordOf("root")}`;
const login = (name: string) => `${name}:${passwordOf(name)}`;

for (const [front, port] of [
  ["nginx", 18710],
  ["waf", 18711],
] as const)
  describe(`access by rules at the front ${front}`, () => {
    const hasFirewall = front === "waf";
    const use = (change: Partial<StandSettings> = {}) => stand.use({ ...settings, hasFirewall, ...change });
    let stand: Stand;
    let who: readonly GridAsker[];

    before(async () => {
      const opening = { users: [{ name: "root" }], access: everything, hasFirewall };
      stand = await accessStand(`access-${front}`, port, opening);
      await fill(stand, root, repositories);
      await use({ users: [...world.users, { name: "gone" }] });
      assert.equal((await stand.ask("/v2/", { user: login("gone") })).status, 200);
      await use();
      who = askers(world, "gone");
    });

    after(() => stand?.remove());

    it("answers everybody at every endpoint by every method as the rules say", async (test) => {
      const { requests, differences } = await gridDifferences(stand, world, who, repositories);
      assert.deepEqual(differences, []);
      assert.ok(requests >= 500);
      test.diagnostic(`${requests} requests`);
    });

    it("answers as the rules say with tokens, too", async () => {
      const holders = await Promise.all(
        ["", "reader", "pusher", "last.day@x"].map(async (name) => {
          const answer = await stand.ask(
            "/_token?service=a&scope=b",
            name === "" ? {} : { user: login(name) },
          );
          const headers = { Authorization: `Bearer ${JSON.parse(answer.body).token}` };
          return {
            title: `token of ${name}`,
            headers,
            asker: name === "" ? "nobody" : { user: name },
          } as const;
        }),
      );
      const { differences } = await gridDifferences(stand, world, holders, repositories);
      // A token of nobody is an answer to the ping, which asks for one.
      assert.deepEqual(
        differences.filter((line) => !/^token of : (GET|HEAD) \/v2\/:/.test(line)),
        [],
      );
      assert.equal(differences.length, 2);
    });

    it("answers no hostile spelling of a repository, to whomever it is", async () => {
      for (const path of hostile)
        for (const user of [undefined, login("reader"), login("pusher"), login("late"), "reader:wrong"])
          for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
            const { status, body } = await stand.ask(path, { method, user });
            assert.ok(
              [301, 400, 401, 403, 404].includes(status),
              `${method} ${path} by ${user}: ${status} ${body}`,
            );
          }
    });

    it("answers no request of another hand, by whomever it is", async () => {
      const header = `Authorization: Basic ${Buffer.from(login("reader")).toString("base64")}`;
      const right = /"name":"secret\/app"|"schemaVersion"|multipart|the layer of every/;
      for (const [title, text] of Object.entries(handwritten)) {
        const answer = await stand.send(text.replaceAll("AUTH", header));
        assert.doesNotMatch(answer, right, title);
        for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm))
          assert.ok(/^(200|400|401|403|404|405|505)$/.test(String(status)), `${title}: ${answer}`);
        if (!text.includes("team/app/tags"))
          assert.doesNotMatch(answer, /^HTTP\/1\.1 200/m, `${title}: ${answer}`);
      }
      // The same words for what is allowed, so that the test would see an answer.
      const mine =
        handwritten["a second request behind one that is right"]?.replaceAll("secret/", "team/") ?? "";
      const answers = await stand.send(mine.replaceAll("AUTH", header));
      assert.equal(answers.match(/"name":"team\/app"/g)?.length, 2, answers);
    });

    it("mounts only from where its user may pull, in every spelling", async () => {
      const user = login("pusher");
      const own = await stand.ask(`/v2/team/b/blobs/uploads/?mount=${blob}&from=team%2Fapp`, {
        method: "POST",
        user,
      });
      assert.equal(own.status, 201);
      for (const [title, path, body] of mounts) {
        const type = body === undefined ? "text/plain" : "application/x-www-form-urlencoded";
        const headers = { "Content-Type": type };
        const { status } = await stand.ask(path.replace("team/app", "team/c"), {
          method: "POST",
          user,
          headers,
          body,
        });
        assert.ok([202, 400, 403].includes(status), `${title}: ${status}`);
      }
      assert.equal((await stand.ask(`/v2/team/c/blobs/${blob}`, { user })).status, 404);
    });

    it("hands requests to the keeper for those alone who might do the same themselves", async () => {
      const master = [...world.rules, { repositories: ["**"], users: ["Reader"], actions: ["delete"] }];
      await use({ access: ruleArgs({ ...world, rules: master }) });
      const app = { repository: "team/app" };
      const cases: readonly (readonly [user: string, verb: string, body: object, status: number])[] = [
        ["reader", "tags", app, 202],
        ["reader", "tags", { repository: "secret/app" }, 403],
        ["reader", "list", {}, 403],
        ["reader", "delete", { ...app, tag: "1" }, 403],
        ["reader", "restore", { ...app, tag: "1" }, 403],
        ["pusher", "delete", { ...app, tag: "1" }, 403],
        ["deleter", "delete", { ...app, tag: "1" }, 202],
        ["deleter", "restore", { ...app, tag: "1" }, 202],
        ["deleter", "delete", { repository: "secret/app", tag: "1" }, 403],
        ["late", "tags", app, 403],
        ...["collect", "retention", "verify", "report"].flatMap((verb) => [
          ["deleter", verb, {}, 403] as const,
          ["Reader", verb, {}, 202] as const,
        ]),
      ];
      for (const [name, verb, fields, status] of cases) {
        const headers = { "Content-Type": "application/json" };
        const body = JSON.stringify(fields);
        const answer = await stand.ask(`/_keeper/${verb}`, {
          method: "POST",
          user: login(name),
          headers,
          body,
        });
        assert.equal(answer.status, status, `${name} ${verb} ${body}: ${answer.body}`);
        const nobodys = await stand.ask(`/_keeper/${verb}`, { method: "POST", headers, body });
        assert.equal(nobodys.status, 401);
      }
      await use();
    });

    it("tells nobody whether a repository exists that they may not see", async () => {
      for (const user of [undefined, login("reader"), "reader:wrong"])
        for (const end of ["manifests/1", `blobs/${blob}`, "tags/list", "blobs/uploads/x"]) {
          const [is, isNot] = await Promise.all(
            ["secret/app", "secret/abc"].map((name) => stand.ask(`/v2/${name}/${end}`, { user })),
          );
          assert.equal(is?.status, isNot?.status);
          assert.equal(is?.body.replace("secret/app", ""), isNot?.body.replace("secret/abc", ""));
        }
    });

    it("refuses a user with the very files that take a right away, and others' requests are not touched", async () => {
      const path = "/v2/team/app/tags/list";
      const seen = new Set<number>();
      let goesOn = true;
      const others = (async () => {
        while (goesOn) seen.add((await stand.ask(path, { user: login("pusher") })).status);
      })();
      try {
        assert.equal((await stand.ask(path, { user: login("reader") })).status, 200);
        const rules = world.rules.slice(1);
        await use({ access: ruleArgs({ ...world, rules }), users: world.users });
        assert.equal((await stand.ask(path, { user: login("reader") })).status, 403);
      } finally {
        goesOn = false;
        await others;
      }
      assert.deepEqual([...seen], [200]);
      await use();
    });

    it("gets the answers that random rules give", async (test) => {
      const below = numbersFrom(port);
      let requests = 0;
      for (let round = 0; round < (hasFirewall ? 3 : 12); round++) {
        const random = randomWorld(below, today);
        await use({ users: random.users, access: ruleArgs(random) });
        const names = [randomRepository(below), randomRepository(below)];
        const result = await gridDifferences(stand, random, askers(random, "gone"), names);
        assert.deepEqual(result.differences, [], JSON.stringify(random));
        requests += result.requests;
      }
      test.diagnostic(`${requests} requests`);
      await use();
    });

    for (const [title, mutate] of Object.entries(mutants))
      it(`would be seen to be open with ${title}`, async () => {
        await use({ mutate });
        const { differences } = await gridDifferences(stand, world, who, repositories);
        const user = login("pusher");
        const [, path = ""] = mounts[0] ?? [];
        const mounted = await stand.ask(path, { method: "POST", user });
        assert.ok(differences.length > 0 || mounted.status === 201);
        await use();
      });
  });
