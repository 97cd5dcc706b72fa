import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tidyAudit } from "../../../components/keeper/program/audit";
import type { Context } from "../../../components/keeper/program/job";
import { measureSpace } from "../../../components/keeper/program/metrics";
import { checkedRequest } from "../../../components/keeper/program/request";
import { noteRun, readStatus } from "../../../components/keeper/program/status";
import { answerTo } from "../../../components/keeper/program/verbs";
import { keeperRefusal } from "../../support/askKeeper";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const line = (time: string, change: object = {}) =>
  JSON.stringify({
    ...{
      time: `${time}:00+00:00`,
      action: "push",
      user: "alice",
      login: "ok",
      repository: "team/app",
      tag: "1",
    },
    ...{
      digest: "",
      status: 201,
      registry_status: 201,
      client: "192.0.2.7",
      path: "/v2/team/app/manifests/1",
    },
    ...change,
  });

const audited = (tree: RegistryTree): Context => ({
  ...tree.context,
  settings: { ...tree.context.settings, auditDays: 3 },
});

const write = ({ context }: RegistryTree, day: string, ...lines: string[]) =>
  context.disk.write(
    `${context.settings.controlFolder}/audit/${day}.jsonl`,
    lines.map((each) => `${each}\n`).join(""),
  );

const ask = (tree: RegistryTree, fields: object = {}) =>
  answerTo(audited(tree), checkedRequest(JSON.stringify({ verb: "audit", user: "alice", ...fields })))
    ?.text ?? "";

describe("audit", () => {
  test("shows the newest line first, and what was refused as such", () => {
    inRegistryTree((tree) => {
      write(tree, "2027-01-30", line("2027-01-30T09:00"));
      write(
        tree,
        "2027-01-31",
        line("2027-01-31T10:00", { action: "keeper", path: "/_keeper/delete", status: 202 }),
        '{"time":"cut off by a full di',
        line("2027-01-31T11:00", {
          action: "login",
          user: "",
          login: "refused",
          status: 401,
          repository: "",
          tag: "",
        }),
        line("2027-01-31T12:00", { status: 499 }),
      );
      assert.deepEqual(ask(tree).split("\n"), [
        "TIME               USER   WHAT           ON          RESULT         FROM",
        "2027-01-31T12:00Z  alice  push           team/app:1  done           192.0.2.7",
        "2027-01-31T11:00Z  -      login          -           refused (401)  192.0.2.7",
        "2027-01-31T10:00Z  alice  images delete  team/app:1  done           192.0.2.7",
        "2027-01-30T09:00Z  alice  push           team/app:1  done           192.0.2.7",
        "",
      ]);
    });
  });

  test("leaves out what is not asked for", () => {
    inRegistryTree((tree) => {
      write(tree, "2027-01-30", line("2027-01-30T09:00"));
      write(
        tree,
        "2027-01-31",
        line("2027-01-31T10:00", { user: "bob" }),
        line("2027-01-31T11:00", { repository: "other", status: 403 }),
      );
      const count = (fields: object) => ask(tree, fields).split("\n").length - 2;
      assert.deepEqual(
        [{}, { by: "bob" }, { repository: "other" }, { since: "2027-01-31" }, { flags: ["refused"] }].map(
          count,
        ),
        [3, 1, 1, 2, 1],
      );
      assert.equal(ask(tree, { by: "carol" }), "nothing of that kind was written down\n");
    });
  });

  test("shows a thousand lines, and says that there are more", () => {
    inRegistryTree((tree) => {
      write(tree, "2027-01-31", ...Array.from({ length: 1500 }, () => line("2027-01-31T10:00")));
      const lines = ask(tree).split("\n");
      assert.equal(lines.length, 1003);
      assert.match(lines.at(-2) ?? "", /^only the newest 1,000 lines: /);
    });
  });

  test("is refused where nothing is written down", () => {
    inRegistryTree((tree) => assert.match(keeperRefusal(tree, "audit"), /log\.auditDays/));
  });

  test("goes after its days, and at once where there shall be none", () => {
    inRegistryTree((tree) => {
      const days = ["2027-01-26", "2027-01-27", "2027-01-31"];
      for (const day of days) write(tree, day, line(`${day}T09:00`));
      const now = Date.parse("2027-01-31T13:00:00Z");
      const left = () => tree.context.disk.names(`${tree.context.settings.controlFolder}/audit`)?.sort();
      tidyAudit(audited(tree), now);
      assert.deepEqual(left(), ["2027-01-31.jsonl"]);
      tidyAudit(tree.context, now);
      assert.deepEqual(left(), []);
    });
  });
});

describe("figures of the keeper", () => {
  const read = (context: Context, name: string) =>
    context.disk.read(`${context.settings.controlFolder}/state/${name}`);

  test("are written down only where they are asked for", () => {
    inRegistryTree((tree) => {
      measureSpace(tree.context);
      noteRun(tree.context, "index", { ended: "2027-01-31T03:30:00.000Z", ok: true, summary: "" });
      assert.deepEqual(
        [read(tree.context, "space.prom"), read(tree.context, "runs.prom")],
        [undefined, undefined],
      );
    });
  });

  test("have what a project holds, each blob once in it", () => {
    inRegistryTree((tree) => {
      const layer = "s".repeat(5000);
      for (const repository of ["team/a", "team/b", "other"])
        tree.image(repository, { tag: "1", layers: [layer] });
      const context = { ...tree.context, settings: { ...tree.context.settings, metrics: true } };
      measureSpace(context);
      const text = read(context, "space.prom") ?? "";
      const bytes = (project: string) =>
        Number(
          new RegExp(`^private_registry_project_bytes\\{project="${project}"\\} (\\d+)$`, "m").exec(
            text,
          )?.[1],
        );
      assert.ok(bytes("team") > 5000 && bytes("team") < 10_000, text);
      assert.equal(bytes("team"), bytes("other"));
      assert.match(text, /^private_registry_repositories 3$/m);
      assert.match(text, /^private_registry_trash_bytes 0$/m);
    });
  });

  test("know when a task last ended well, and what all its runs have done", () => {
    inRegistryTree((tree) => {
      const context = { ...tree.context, settings: { ...tree.context.settings, metrics: true } };
      const [first, second] = ["2027-01-30T03:30:00.000Z", "2027-01-31T03:30:00.000Z"];
      noteRun(context, "collection", { ended: first, ok: true, summary: "", done: 700 });
      noteRun(context, "collection", { ended: first, ok: true, summary: "", done: 50 });
      noteRun(context, "collection", { ended: second, ok: false, summary: "", problem: "stopped" });
      noteRun(context, "collection", { ended: second, ok: false, summary: "", problem: "stopped" });
      assert.equal(readStatus(context).runs.collection?.succeeded, first);
      const text = read(context, "runs.prom") ?? "";
      const end = Date.parse(first) / 1000;
      assert.match(
        text,
        new RegExp(`^private_registry_task_success_timestamp_seconds\\{task="collection"\\} ${end}$`, "m"),
      );
      assert.match(text, /^private_registry_task_ok\{task="collection"\} 0$/m);
      assert.match(text, /^private_registry_freed_bytes_total 750$/m);
    });
  });
});
