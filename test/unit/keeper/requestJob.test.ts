import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openAnswer } from "../../../components/keeper/program/answers";
import { Refusal } from "../../../components/keeper/program/job";
import { runJob } from "../../../components/keeper/program/jobs";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { collectionStep } from "../../../components/keeper/program/requestJob";
import { inRegistryTree, type RegistryTree } from "../../support/registryTree";

const id = "0123456789abcdef0123456789abcdef";

interface Control {
  readonly request: string;
  readonly answer: string;
  readonly answers: string;
  write(text: string | Buffer): void;
  read(name: string): string;
}

function controlOf({ context }: RegistryTree): Control {
  const { controlFolder } = context.settings;
  const request = join(controlFolder, "requests", id);
  const answers = join(controlFolder, "answers");
  const answer = join(answers, id);
  mkdirSync(join(controlFolder, "requests"), { recursive: true });
  return {
    request,
    answer,
    answers,
    write: (text) => writeFileSync(request, text),
    read: (name) => readFileSync(join(answer, name), "utf8"),
  };
}

describe("the job that answers a request", () => {
  test("writes text, JSON and at last the status for who asked, and removes the request", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      control.write('{"verb":"list","user":"alice"}');
      assert.equal(runJob(tree.context, "request", id), 0);
      assert.equal(control.read("owner"), "alice");
      assert.equal(control.read("text"), "no repositories yet\n");
      assert.deepEqual(JSON.parse(control.read("json")), { repositories: [], bytes: 0 });
      assert.equal(control.read("status"), "0");
      assert.ok(!existsSync(control.request));
    });
  });

  test("answers a refusal with its sentence and status 1, also to who asked for something that makes no sense", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      for (const [text, sentence] of [
        ['{"verb":"tags","user":"alice","repository":"no/such"}', "there is no repository no/such"],
        ['{"verb":"tags","user":"alice","repository":"../x"}', '"../x" is not a repository'],
      ] as const) {
        control.write(text);
        assert.equal(runJob(tree.context, "request", id), 0);
        assert.equal(control.read("text"), `${sentence}\n`);
        assert.deepEqual(JSON.parse(control.read("json")), { error: sentence });
        assert.equal(control.read("status"), "1");
        assert.ok(!existsSync(control.request));
      }
    });
  });

  test("leaves the collection that is asked for to the shell, with an answer begun", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      control.write('{"verb":"collect","user":"alice","flags":[]}');
      assert.equal(runJob(tree.context, "request", id), 10);
      assert.equal(control.read("owner"), "alice");
      assert.equal(control.read("progress"), "a collection begins\n");
      assert.ok(!existsSync(join(control.answer, "status")));
      assert.ok(existsSync(control.request), "a keeper that is killed takes it up again");
    });
  });

  test("follows no link and reads nothing but a small file of text; all of it is removed", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      const secret = join(tree.context.settings.dataFolder, "secret");
      writeFileSync(secret, '{"verb":"list","user":"alice"}');
      const ways: readonly [make: () => void, sentence: RegExp][] = [
        [() => symlinkSync(secret, control.request), /not a plain file/],
        [() => symlinkSync("/dev/zero", control.request), /not a plain file/],
        [() => symlinkSync("/nowhere", control.request), /not a plain file/],
        [() => mkdirSync(join(control.request, "x"), { recursive: true }), /not a plain file/],
        [() => control.write(`{"verb":"list","user":"alice"}${" ".repeat(4096)}`), /more than 4096 bytes/],
        [() => control.write(Buffer.from([0x7b, 0xff, 0xfe])), /not text in UTF-8/],
        [() => control.write("\ufeff{}"), /not JSON/],
        [() => control.write(""), /not JSON/],
        [() => control.write('{"verb":"list"}'), /"user" is missing/],
      ];
      for (const [make, sentence] of ways) {
        make();
        assert.throws(
          () => runJob(tree.context, "request", id),
          (error) => {
            assert.ok(error instanceof Refusal);
            assert.match(error.message, sentence);
            return true;
          },
        );
        assert.equal(lstatSync(control.request, { throwIfNoEntry: false }), undefined);
        assert.ok(!existsSync(control.answers), "nobody to answer to");
      }
      assert.ok(existsSync(secret));
    });
  });

  test("does not wait for whoever writes into a pipe or listens at a socket", async () => {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      inRegistryTree((tree) => {
        // The folder goes with the end of this function; a socket is made at once.
        const control = controlOf(tree);
        server.once("error", reject);
        server.listen(control.request, resolve);
        assert.ok(lstatSync(control.request).isSocket());
        assert.throws(() => runJob(tree.context, "request", id), /not a plain file/);
      });
    });
    server.close();
  });

  test("takes no id but 32 hex digits", () => {
    inRegistryTree((tree) => {
      for (const odd of [
        "",
        "..",
        "../requests",
        id.toUpperCase(),
        `${id}0`,
        `${id}\n`,
        `./${id.slice(2)}`,
      ]) {
        assert.throws(() => runJob(tree.context, "request", odd), /32 hex digits/);
      }
    });
  });

  test("writes no answer through a link that somebody has put in its place", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      const { dataFolder } = tree.context.settings;
      const before = readdirSync(dataFolder);
      mkdirSync(control.answers);
      symlinkSync(dataFolder, control.answer);
      control.write('{"verb":"list","user":"alice"}');
      assert.throws(() => runJob(tree.context, "request", id), /is not a folder/);
      assert.deepEqual(readdirSync(dataFolder), before);
    });
  });
});

describe("an answer", () => {
  test("shows the progress of a job at most about twice a second", () => {
    inRegistryTree((tree) => {
      let written = 0;
      const disk = {
        ...nodeDisk,
        write(path: string, text: string) {
          written++;
          nodeDisk.write(path, text);
        },
      };
      const folder = openAnswer(disk, tree.context.settings, id, "alice");
      written = 0;
      const end = performance.now() + 1200;
      for (let step = 0; performance.now() < end; step++) folder.say(`step ${step}`);
      assert.ok(written >= 2 && written <= 4, `${written} in 1.2 s`);
      assert.match(controlOf(tree).read("progress"), /^step \d+\n$/);
    });
  });

  test("of a collection is written by its last step, or by the one that fails", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      openAnswer(nodeDisk, tree.context.settings, id, "alice");
      collectionStep(tree.context, ({ say }) => void say("marking"), id);
      assert.equal(control.read("progress"), "marking\n");
      collectionStep(tree.context, () => ({ text: "done\n", json: {} }), id);
      assert.deepEqual([control.read("text"), control.read("status")], ["done\n", "0"]);

      openAnswer(nodeDisk, tree.context.settings, id.replace("0", "1"), "alice");
      const fails = () => {
        throw new Error("the disk is full");
      };
      assert.throws(() => collectionStep(tree.context, fails, id.replace("0", "1")), /the disk is full/);
      assert.equal(readFileSync(join(control.answers, id.replace("0", "1"), "status"), "utf8"), "1");
    });
  });

  test("of a step that nobody asked for is not written", () => {
    inRegistryTree((tree) => {
      let ran = 0;
      for (const nobody of [undefined, id, "../x"]) {
        collectionStep(tree.context, () => ({ text: `${ran++}`, json: {} }), nobody);
      }
      assert.equal(ran, 3);
      assert.ok(!existsSync(controlOf(tree).answers));
    });
  });

  test("is removed an hour after its end, one without an end after a day, and a request after an hour", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      const place = (name: string) => join(control.answers, name);
      const old = (seconds: number, ...paths: readonly string[]) => {
        for (const path of paths) tree.age(path, seconds);
      };
      for (const name of ["young", "old", "going", "stuck"])
        openAnswer(nodeDisk, tree.context.settings, name, "alice");
      for (const name of ["young", "old"]) nodeDisk.write(`${place(name)}/status`, "0");
      old(3500, `${place("young")}/status`);
      old(3700, `${place("old")}/status`);
      old(80_000, `${place("going")}/owner`, place("going"));
      old(90_000, `${place("stuck")}/owner`, place("stuck"));
      control.write("{}");
      const abandoned = join(control.request, "..", `.${id}`);
      writeFileSync(abandoned, "{}");
      old(3700, abandoned);
      runJob(tree.context, "tidy");
      assert.deepEqual(readdirSync(control.answers).sort(), ["going", "young"]);
      assert.deepEqual(readdirSync(join(control.request, "..")), [id]);
    });
  });

  test("that is a link to somewhere else is removed without what it leads to", () => {
    inRegistryTree((tree) => {
      const control = controlOf(tree);
      const { dataFolder } = tree.context.settings;
      writeFileSync(join(dataFolder, "kept"), "");
      mkdirSync(control.answers);
      symlinkSync(dataFolder, control.answer);
      symlinkSync(dataFolder, control.request);
      runJob(tree.context, "tidy");
      assert.ok(existsSync(join(dataFolder, "kept")));
    });
  });
});
