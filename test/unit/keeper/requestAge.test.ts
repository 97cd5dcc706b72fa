import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openAnswer } from "../../../components/keeper/program/answers";
import { runJob } from "../../../components/keeper/program/jobs";
import { tagLink } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const id = "0123456789abcdef0123456789abcdef";

function controlOf({ context }: RegistryTree) {
  const { controlFolder } = context.settings;
  const request = join(controlFolder, "requests", id);
  const answers = join(controlFolder, "answers");
  mkdirSync(join(controlFolder, "requests"), { recursive: true });
  return {
    request,
    answers,
    write: (text: string) => writeFileSync(request, text),
    read: (name: string) => readFileSync(join(answers, id, name), "utf8"),
  };
}

describe("the job that answers a request", () => {
  test("carries out nothing that waited for more than ten minutes, or comes from the future, and says so", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      tree.image("n", { tag: "v1" });
      const ask = (minutesAgo: number) => {
        control.write('{"verb":"delete","user":"alice","repository":"n","tag":"v1"}');
        const written = Date.now() / 1000 - minutesAgo * 60;
        utimesSync(control.request, written, written);
        assert.equal(runJob(tree.context, "request", id), 0);
        assert.ok(!existsSync(control.request));
      };
      for (const minutesAgo of [11, 24 * 60, -11]) {
        ask(minutesAgo);
        assert.match(
          control.read("text"),
          /^the request is of .*Z, more than 10 minutes from now, .* not carried out: ask/,
        );
        assert.equal(control.read("status"), "1");
        assert.ok(existsSync(tagLink(tree.layout, "n", "v1")));
      }
      ask(9);
      assert.match(control.read("text"), /^Deleted n:v1/);
    });
  });

  test("goes on with a collection that it had begun, however long ago it was asked for", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      const ask = (begun: boolean) => {
        rmSync(control.answers, { recursive: true, force: true });
        if (begun) openAnswer(nodeDisk, tree.context.settings, id, "alice");
        control.write('{"verb":"collect","user":"alice"}');
        utimesSync(control.request, 1_700_000_000, 1_700_000_000);
        return runJob(tree.context, "request", id);
      };
      assert.equal(ask(true), 10);
      assert.equal(ask(false), 0);
      assert.match(control.read("text"), /not carried out/);
    });
  });
});
