import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { glob } from "../../../components/keeper/program/glob";
import { type Address, means, verdict, type World } from "../../support/accessModel";
import { accessScript } from "../../support/accessScript";
import { numbersFrom, randomPattern, randomRepository, randomWorld } from "../../support/accessWorlds";

const today = new Date().toISOString().slice(0, 10);
const digest = `sha256:${"0".repeat(64)}`;

/** Each endpoint's address, and what it is about. */
const addresses = (repository: string): readonly (readonly [string, Address])[] => [
  ["/v2/", { kind: "ping" }],
  ["/v2/_catalog?n=1", { kind: "catalogue" }],
  [`/v2/${repository}/manifests/list`, { kind: "manifest", repository }],
  [`/v2/${repository}/manifests/${digest}`, { kind: "manifest", repository }],
  [`/v2/${repository}/blobs/${digest}?x=/v2/a/blobs/uploads/`, { kind: "blob", repository }],
  [`/v2/${repository}/blobs/uploads/`, { kind: "upload", repository }],
  [`/v2/${repository}/blobs/uploads/?mount=${digest}&from=a/b`, { kind: "upload", repository }],
  [`/v2/${repository}/blobs/uploads/0f8fad5b?_state=a`, { kind: "upload", repository }],
  [`/v2/${repository}/tags/list?n=1`, { kind: "tags", repository }],
  [`/v2/${repository}/referrers/${digest}`, { kind: "referrers", repository }],
];
const methods = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"];

test("with any rules, every request of anybody gets the answer that the rules say", async () => {
  const below = numbersFrom(14);
  const count = new Map<string | number, number>();
  for (let round = 0; round < 150; round++) {
    const world = randomWorld(below, today);
    const { access, request } = await accessScript(world);
    for (const asker of ["", "mallory", ...world.users.map(({ name }) => name)])
      for (const [address, about] of addresses(randomRepository(below)))
        for (const method of methods) {
          if (!("repository" in about) && method !== "GET") continue;
          const asked = request(asker, method, address);
          // The password of whoever has one was right: of a stranger it never is.
          const early = access.withoutPassword(asked);
          access.enforce(asked);
          const late = asked.status === 200 ? "204" : String(asked.status);
          const seen = early || (asker === "mallory" ? "401" : late);
          const who = asker === "" ? "nobody" : asker === "mallory" ? "stranger" : { user: asker };
          const expected = verdict(world, who, method, about);
          const title = `${JSON.stringify(world)}: ${asker} ${method} ${address}`;
          assert.equal(seen, expected === "passes" ? "204" : String(expected), title);
          count.set(expected, (count.get(expected) ?? 0) + 1);
        }
  }
  for (const expected of [401, 403, "passes"] as const) assert.ok((count.get(expected) ?? 0) > 3000);
});

describe("a pattern", () => {
  test("means the same to the proxy, to the keeper and to the model", async () => {
    const below = numbersFrom(7);
    const { glob: script } = await accessScript({ users: [], rules: [], today });
    let both = 0;
    for (let round = 0; round < 20_000; round++) {
      const [pattern, text] = [randomPattern(below), randomRepository(below)];
      const expected = means(pattern, text);
      assert.equal(script.any([pattern], text), expected, `${pattern} of ${text}, in the proxy`);
      assert.equal(glob(pattern)(text), expected, `${pattern} of ${text}, in the keeper`);
      if (expected) both++;
    }
    assert.ok(both > 1000 && both < 15_000, String(both));
  });

  test("of many stars takes no time that anybody would notice", async () => {
    const { glob: script } = await accessScript({ users: [], rules: [], today });
    const start = performance.now();
    for (const pattern of ["**a".repeat(20), "*a".repeat(40), "**/a*a*b", "**a*".repeat(9)])
      assert.equal(script.any([`${pattern}b`], "a".repeat(255)), false);
    assert.ok(performance.now() - start < 5000);
  });
});

describe("a decision", () => {
  const world: World = {
    today,
    users: [
      { name: "reader", groups: ["readers"] },
      { name: "pusher" },
      { name: "late", groups: ["readers"], expires: "2020-02-29" },
      { name: "root" },
    ],
    rules: [
      { repositories: ["team/*"], groups: ["readers"], actions: ["pull"] },
      { repositories: ["team/**"], users: ["pusher"], actions: ["push"] },
      { repositories: ["public/**"], anonymous: true, actions: ["pull"] },
      { repositories: ["**"], users: ["root"], actions: ["delete"] },
    ],
  };
  let script: Awaited<ReturnType<typeof accessScript>>;
  before(async () => {
    script = await accessScript(world);
  });
  const denial = (user: string, method: string, address: string) => {
    const request = script.request(user, method, address);
    script.access.enforce(request);
    return request.variables.reason ?? "";
  };

  test("names user, action and repository, in words", () => {
    assert.equal(denial("reader", "PUT", "/v2/team/app/manifests/1"), "reader may not push to team/app");
    assert.equal(denial("reader", "GET", "/v2/team/a/b/tags/list"), "reader may not pull team/a/b");
    assert.equal(
      denial("pusher", "DELETE", "/v2/team/app/manifests/1"),
      "pusher may not delete from team/app",
    );
    assert.equal(denial("late", "GET", "/v2/"), "the login of late expired on 2020-02-29");
  });

  test("is about the repository that the end of the address leaves, whatever its name looks like", () => {
    for (const name of ["team/blobs", "team/uploads", "team/tags"])
      for (const end of ["manifests/list", "blobs/uploads/", "tags/list", "blobs/uploads/x"])
        assert.match(
          String(denial("mallory", "POST", `/v2/${name}/${end}`)),
          new RegExp(` push to ${name}$`),
        );
    assert.match(
      String(denial("mallory", "GET", "/v2/x/blobs/uploads/tags/list")),
      /pull x\/blobs\/uploads$/,
    );
  });

  test("lets nobody do anything in what is no name of a repository", () => {
    for (const name of ["team/App", "team/-a", "team/a..b", "team/a:b", "TEAM/app"])
      assert.notEqual(denial("pusher", "GET", `/v2/${name}/tags/list`), "", name);
  });

  test("lets whoever has logged in read what is no endpoint, and change nothing there", () => {
    assert.equal(denial("reader", "GET", "/v2/_other/thing"), "");
    assert.equal(denial("reader", "POST", "/v2/_other/thing"), "reader may not use /v2/_other/thing");
    assert.equal(
      denial("reader", "DELETE", "/v2/team/app/tags/list/"),
      "reader may not use /v2/team/app/tags/list/",
    );
  });

  test("about what the keeper does with all repositories is for whoever may delete everywhere", () => {
    for (const verb of ["collect", "retention", "verify", "report"]) {
      assert.equal(denial("root", "POST", `/_keeper/${verb}`), "", verb);
      assert.equal(denial("pusher", "POST", `/_keeper/${verb}`), `pusher may not use /_keeper/${verb}`);
    }
  });

  test("about what the keeper does with one repository is the one about that repository", () => {
    const denied = (user: string, verb: string, repository?: string) =>
      script.access.keeperDenial(script.request(user, "POST", `/_keeper/${verb}`), verb, repository);
    assert.equal(denied("reader", "tags", "team/app"), "");
    assert.equal(denied("reader", "show", "secret/app"), "reader may not pull secret/app");
    assert.equal(denied("reader", "list"), "reader may not pull all repositories");
    assert.equal(denied("pusher", "delete", "team/app"), "pusher may not delete from team/app");
    assert.equal(denied("pusher", "restore"), "pusher may not delete from all repositories");
    assert.equal(denied("root", "restore"), "");
    assert.equal(denied("root", "delete", "team/app"), "");
  });

  test("drops a mount from where the user may not pull, in every spelling", () => {
    const mount = (user: string, from: string) =>
      script.access.mount(
        script.request(user, "POST", "/v2/team/app/blobs/uploads/", {
          start_mount: `&mount=${digest}`,
          start_from: from === "" ? "" : `&from=${from}`,
        }),
      );
    for (const from of ["team/base", "team%2Fbase", "team%2fbase", "public/a"])
      assert.equal(mount("reader", from), `&mount=${digest}&from=${from}`, from);
    for (const from of [
      "secret/base",
      "secret%2Fbase",
      "public/../secret/base",
      "public/..%2fsecret",
      "team/",
      "",
    ])
      assert.equal(mount("reader", from), "", from);
  });
});

describe("a token", () => {
  const world: World = {
    today,
    users: [{ name: "alice" }, { name: "late", expires: "2020-01-01" }],
    rules: [
      { repositories: ["team/*"], users: ["alice", "late"], actions: ["pull"] },
      { repositories: ["public/*"], anonymous: true, actions: ["pull"] },
    ],
  };
  const pull = ["GET", "/v2/team/app/tags/list"] as const;
  const status = async (
    token: string,
    [method, address]: readonly [string, string] = pull,
    changed = world,
  ) => {
    const { access, request } = await accessScript(changed);
    return access.withoutPassword(request("", method, address, { authorization: `Bearer ${token}` }));
  };
  const tokenOf = async (user: string, key?: string) => {
    const { access, request } = await accessScript(world, key);
    return String(JSON.parse(access.token(request(user, "GET", "/_token"))).token);
  };

  test("is as good as the password of its user, and no more than nobody's without one", async () => {
    const [alice, nobody] = [await tokenOf("alice"), await tokenOf("")];
    assert.equal(await status(alice), "204");
    assert.equal(await status(alice, ["PUT", "/v2/team/app/manifests/1"]), "403");
    assert.equal(await status(nobody), "401");
    assert.equal(await status(nobody, ["GET", "/v2/public/app/tags/list"]), "204");
    assert.equal(await status(nobody, ["GET", "/v2/"]), "204");
    assert.equal(await status(nobody, ["GET", "/v2/_catalog"]), "401");
  });

  test("is refused when anything of it was changed, or it was signed by another key", async () => {
    const token = await tokenOf("alice");
    const [user = "", end = "", signature = ""] = token.split(".");
    const late = Buffer.from("late").toString("base64url");
    const changed = [
      `${user}.${Number(end) + 1}.${signature}`,
      `${late}.${end}.${signature}`,
      `${user}.${end}.${signature.slice(1)}A`,
      `${user}.${end}.`,
      `${user}.${end}`,
      `${user}=.${end}.${signature}`,
      `.${user}.${end}.${signature}`,
      `${user}.${end}.${signature}.`,
      `.${end}.${signature}`,
      user,
      "..",
      await tokenOf("alice", "another key"),
    ];
    for (const text of changed) assert.equal(await status(text), "401", text);
  });

  test("gets no other token, and is over after an hour", async (context) => {
    const now = Date.now();
    context.mock.timers.enable({ apis: ["Date"], now });
    const token = await tokenOf("alice");
    assert.equal(await status(token, ["GET", "/_token"]), "401");
    context.mock.timers.setTime(now + 3_599_000);
    assert.equal(await status(token), "204");
    context.mock.timers.setTime(now + 3_601_000);
    assert.equal(await status(token), "401");
  });

  test("goes with its user, and with the login's last day", async () => {
    const token = await tokenOf("alice");
    const [alice, late] = world.users;
    assert.ok(alice && late);
    assert.equal(await status(token, pull, { ...world, users: [late] }), "401");
    assert.equal(
      await status(token, pull, { ...world, users: [{ ...alice, expires: "2020-01-01" }] }),
      "403",
    );
    assert.equal(await status(await tokenOf("late")), "403");
  });
});
