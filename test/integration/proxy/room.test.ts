import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { resolvedWaf } from "../../../components/proxy/waf/defaults";
import { type BareProxy, startBareProxy } from "../../support/bareProxy";
import type { RequestOptions } from "../../support/client";

const alice = "alice:alice's own";
const digest = `sha256:${createHash("sha256").update("a").digest("hex")}`;
const quotas = [
  { repositories: ["team/*"], maxMib: 1 },
  { repositories: ["a.b/**", "deep/**/x*"], maxMib: 1 },
];
const start = "/v2/team/app/blobs/uploads/";
const upload = `${start}0189c5e2-1111-4222-8333-444455556666`;

/** There is no registry behind the proxy: what it lets through is 503. */
for (const [front, port] of [
  ["nginx", 18670],
  ["waf", 18672],
] as const)
  describe(`a registry without room, at the front ${front}`, () => {
    let proxy: BareProxy;
    const flags = () => join(proxy.controlFolder, "flags");
    const raise = (flag: string, message: string) =>
      writeFileSync(join(flags(), flag), `${JSON.stringify({ errors: [{ code: "DENIED", message }] })}\n`);
    const ask = (method: string, path: string, options: RequestOptions = {}) =>
      proxy.client.ask(path, { method, user: alice, ...options });
    const statusOf = async (method: string, path: string, options?: RequestOptions) =>
      (await ask(method, path, options)).status;

    before(async () => {
      const firewall = front === "waf" ? { waf: resolvedWaf() } : {};
      proxy = await startBareProxy(
        `room-${front}`,
        port,
        { alice: "alice's own" },
        { diskGuard: true, quotas, ...firewall },
      );
    });
    after(() => proxy?.remove());
    beforeEach(() => {
      rmSync(flags(), { recursive: true, force: true });
      mkdirSync(flags());
    });

    it("takes every push while no flag is raised", async () => {
      assert.equal(await statusOf("POST", start), 503);
      raise("other", "of nobody");
      assert.equal(await statusOf("POST", start), 503);
    });

    it("says why to whoever begins a push, in the words of the flag", async () => {
      raise("disk", "the disk is 91 % full");
      for (const path of [
        start,
        `${start}?digest=${digest}`,
        `${start}?origin=x`,
        "/v2/a/b/c/d/blobs/uploads/",
      ]) {
        const { status, headers, body } = await ask("POST", path);
        assert.equal(status, 403, path);
        assert.deepEqual(JSON.parse(body), {
          errors: [{ code: "DENIED", message: "the disk is 91 % full" }],
        });
        assert.equal(headers["content-type"], "application/json");
        assert.equal(headers["docker-distribution-api-version"], "registry/2.0");
        assert.deepEqual(
          [headers.etag, headers["last-modified"], headers["retry-after"]],
          [undefined, undefined, undefined],
        );
      }
    });

    it("says it with a body that was sent along, and takes the next request", async () => {
      raise("disk", "full");
      const body = Buffer.alloc(10_000, "x");
      assert.equal(await statusOf("POST", `${start}?digest=${digest}`, { body }), 403);
      rmSync(join(flags(), "disk"));
      assert.equal(await statusOf("POST", start), 503);
    });

    it("says it to nobody who has not logged in", async () => {
      raise("disk", "full");
      for (const user of [undefined, "alice:wrong", "nobody:x"])
        assert.equal(await statusOf("POST", start, { user }), 401);
    });

    it("lets go on what has begun, what takes no room and what gives some back", async () => {
      raise("disk", "full");
      raise("quota-0", "full");
      const others: [string, string][] = [
        ["GET", "/v2/"],
        ["GET", "/v2/_catalog"],
        ["HEAD", `/v2/team/app/blobs/${digest}`],
        ["GET", `/v2/team/app/blobs/${digest}`],
        ["GET", "/v2/team/app/manifests/1"],
        ["PUT", "/v2/team/app/manifests/1"],
        ["DELETE", "/v2/team/app/manifests/1"],
        ["PATCH", `${upload}?_state=abc`],
        ["PUT", `${upload}?_state=abc&digest=${digest}`],
        ["GET", upload],
        ["DELETE", upload],
        ["POST", `${start}?mount=${digest}&from=team/other`],
        ["POST", `${start}?from=team%2Fother&mount=${digest}`],
      ];
      for (const [method, path] of others)
        assert.equal(await statusOf(method, path), 503, `${method} ${path}`);
    });

    it("takes half a mount for the push that it is, and an odd request for odd", async () => {
      raise("disk", "full");
      for (const query of [`mount=${digest}`, "from=team/other", "mount=x&from=team/other"])
        assert.equal(await statusOf("POST", `${start}?${query}`), 403, query);
      assert.equal(await statusOf("POST", `${start}?mount=${digest}&mount=${digest}&from=a`), 400);
      assert.equal(await statusOf("POST", "/v2//team/app/blobs/uploads/"), 400);
    });

    it("refuses a repository by its quota, and no other", async () => {
      raise("quota-0", "team/* is full");
      raise("quota-1", "a.b is full");
      const cases: [string, string | undefined][] = [
        ["team/app", "team/* is full"],
        ["team/app/deeper", undefined],
        ["team", undefined],
        ["a.b/c", "a.b is full"],
        ["a.b/c/d/e", "a.b is full"],
        ["axb/c", undefined],
        ["deep/a/b/xyz", "a.b is full"],
        ["deep/a/b/yz", undefined],
        ["other/team/app", undefined],
      ];
      for (const [repository, message] of cases) {
        const { status, body } = await ask("POST", `/v2/${repository}/blobs/uploads/`);
        assert.equal(status, message === undefined ? 503 : 403, repository);
        if (message !== undefined) assert.equal(JSON.parse(body).errors[0].message, message);
      }
      raise("disk", "the disk is full");
      assert.match((await ask("POST", start)).body, /the disk is full/);
    });

    it("shows its flags to nobody, by whatever path", async () => {
      raise("disk", "a secret");
      for (const path of ["/_flag/disk", "/_no_room/disk", "/_no_room/x", "/flags/disk", "/v2/../_flag/disk"])
        for (const method of ["GET", "POST"]) {
          const { status, body } = await ask(method, path);
          assert.ok([400, 403, 404].includes(status), `${method} ${path}: ${status}`);
          assert.ok(!body.includes("a secret"), path);
        }
    });
  });
