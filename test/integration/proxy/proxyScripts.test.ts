import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import { filesPath, verifierPath } from "../../../components/docker/paths";
import {
  activationScript,
  followScript,
  stageScript,
  startScript,
} from "../../../components/proxy/proxyScripts";
import { at, moved, record, recorded, sh, useScriptFolder } from "../../support/scriptFolder";

useScriptFolder();

const inFolder = (script: string) =>
  moved(script, { [filesPath]: at(), "/tmp/serving": at("serving"), "/tmp/verdict.key": at("key") });

describe("the stage of the proxy", () => {
  const stage = (nginx = "true") =>
    sh(
      inFolder(stageScript({ generation: "new", uid: 10001 })),
      record("chown"),
      `nginx() { echo "nginx $*" >> ${at("log")}; ${nginx}; }`,
    );

  test("points at the first generation", async () => {
    mkdirSync(at("new"));
    assert.equal((await stage()).status, 0);
    assert.equal(readlinkSync(at("current")), "new");
    assert.deepEqual(recorded(), [
      `chown 10001:10001 . ${verifierPath}`,
      "chown -R 10001:10001 new",
      `nginx -t -q -c ${at("new", "nginx.conf")}`,
    ]);
  });

  test("leaves the generation that serves and the one staged before, and removes older ones", async () => {
    const names = ["new", "serving", "before", "older", "oldest"];
    for (const name of names) mkdirSync(at(name));
    symlinkSync("serving", at("current"));
    symlinkSync("before", at("staged"));
    assert.equal((await stage()).status, 0);
    assert.equal(readlinkSync(at("current")), "serving");
    const left = names.filter((name) => existsSync(at(name)));
    assert.deepEqual(left, ["new", "serving", "before"]);
    assert.equal(readlinkSync(at("staged")), "new");
  });

  test("says what an image lacks that has no firewall, and changes nothing", async () => {
    for (const name of ["new", "older"]) mkdirSync(at(name));
    const script = stageScript({ generation: "new", uid: 10001, linksRules: true });
    const { status, stderr } = await sh(inFolder(script), record("chown"), "nginx() { :; }");
    assert.equal(status, 1);
    assert.match(stderr, /the image of the proxy has no ngx_http_\w+_module\.so: .*docs\/waf\.md/);
    assert.ok(existsSync(at("older")));
    assert.ok(!existsSync(at("current")));
  });

  test("changes nothing when nginx refuses the new files", async () => {
    for (const name of ["new", "serving", "older"]) mkdirSync(at(name));
    symlinkSync("serving", at("current"));
    assert.notEqual((await stage("false")).status, 0);
    assert.equal(readlinkSync(at("current")), "serving");
    assert.ok(existsSync(at("older")));
  });

  for (const target of ["new", "serving", "older"]) {
    test(`clears a link to ${target} that an activation left which was killed half-way`, async () => {
      for (const name of ["new", "serving", "older"]) {
        mkdirSync(at(name));
        writeFileSync(at(name, "nginx.conf"), "");
      }
      symlinkSync("serving", at("current"));
      symlinkSync(target, at("next"));
      assert.deepEqual(await stage(), { status: 0, stdout: "", stderr: "" });
      assert.deepEqual(readdirSync(at()).sort(), ["current", "log", "new", "serving", "staged"]);
      assert.ok(existsSync(at("new", "nginx.conf")) && existsSync(at("serving", "nginx.conf")));
    });
  }
});

describe("the start of the proxy", () => {
  const kept = (folder: string) =>
    `nginx() { echo "nginx $*" >> ${at("log")}; case "$1 $4" in "-t ${folder}") ;; -t*) return 1 ;; esac; }`;
  const start = (...standIns: string[]) =>
    sh(inFolder(startScript()).replace(/exec (.*)/, "$1; exit"), ...standIns);

  beforeEach(() => {
    for (const name of ["another", "new", "old"]) mkdirSync(at(name));
    symlinkSync("old", at("current"));
    symlinkSync("new", at("staged"));
  });

  test("is with the files in use, through their link", async () => {
    const { status, stderr } = await start(kept(at("current", "nginx.conf")));
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(readlinkSync(at("serving")), at("current"));
    assert.equal(recorded().at(-1), `nginx -c ${at("serving", "nginx.conf")}`);
  });

  test("is with the files staged last, if its nginx refuses those in use, and says so", async () => {
    const { status, stderr } = await start(kept(at("staged", "nginx.conf")));
    assert.equal(status, 0);
    assert.match(stderr, /^nginx refuses the files in use, .* starts with those of new$/m);
    assert.equal(readlinkSync(at("serving")), at("new"));
    const tried = recorded().map((line) => line.split("/").at(-2));
    assert.deepEqual(tried, ["current", "staged", "serving"]);
  });

  test("is with any that its nginx accepts, if it refuses those too", async () => {
    const { status, stderr } = await start(kept(at("another", "nginx.conf")));
    assert.equal(status, 0);
    assert.match(stderr, /starts with those of another$/m);
    assert.equal(readlinkSync(at("serving")), at("another"));
  });

  test("fails if nginx refuses everything, and says so", async () => {
    const { status, stderr } = await start("nginx() { return 1; }");
    assert.deepEqual(
      [status, stderr],
      [1, "nginx refuses all files that there are, for the reasons above\n"],
    );
  });
});

describe("the health of a proxy that started with other files", () => {
  const follow = (nginx: string) => sh(inFolder(followScript()), `nginx() { ${nginx}; }`, record("kill"));

  test("has nginx follow the files in use as soon as it accepts them", async () => {
    symlinkSync(at("new"), at("serving"));
    assert.equal((await follow("true")).status, 0);
    assert.equal(readlinkSync(at("serving")), at("current"));
    assert.deepEqual(recorded(), ["kill -HUP 1"]);
  });

  test("is bad until then", async () => {
    symlinkSync(at("new"), at("serving"));
    assert.equal((await follow("false")).status, 1);
    assert.equal(readlinkSync(at("serving")), at("new"));
    assert.deepEqual(recorded(), []);
  });

  test("costs nothing where nginx follows them already", async () => {
    symlinkSync(at("current"), at("serving"));
    assert.equal((await follow("exit 9")).status, 0);
    assert.deepEqual(recorded(), []);
  });
});

describe("the activation of the proxy", () => {
  const answer = (served: string) => writeFileSync(at("answer"), served);
  /** A curl that gets no answer to one question. */
  const without = (question: string) =>
    `curl() { case "$2" in */${question}) return 7 ;; esac; cat ${at("answer")}; }`;
  const activate = (kill = "true", ...standIns: string[]) =>
    sh(
      inFolder(activationScript("new", 8081)),
      `curl() { cat ${at("answer")}; }`,
      `kill() { echo "kill $*" >> ${at("log")}; ${kill}; }`,
      "sleep() { :; }",
      ...standIns,
    );

  beforeEach(() => {
    mkdirSync(at("new"));
    mkdirSync(at("old"));
    symlinkSync("old", at("current"));
  });

  test("points at the new files, and sends no signal if nginx serves their configuration already", async () => {
    answer("new");
    assert.deepEqual(await activate(), { status: 0, stdout: "", stderr: "" });
    assert.equal(readlinkSync(at("current")), "new");
    assert.deepEqual(recorded(), []);
  });

  test("has nginx read another configuration, and waits for its answer", async () => {
    answer("old");
    assert.equal((await activate(`printf new > ${at("answer")}`)).status, 0);
    assert.equal(readlinkSync(at("current")), "new");
    assert.deepEqual(recorded(), ["kill -HUP 1"]);
  });

  test("points back and fails when nginx goes on with the old configuration", async () => {
    answer("old");
    const { status, stderr } = await activate();
    assert.equal(status, 1);
    assert.match(stderr, /^nginx went on with its old configuration/);
    assert.equal(readlinkSync(at("current")), "old");
  });

  for (const [question, message] of [
    ["generation", "nginx does not answer: see the log of the proxy"],
    ["healthz", "the registry does not answer on its socket: see its log"],
    ["login", "the verifier of logins does not answer: see its log"],
  ] as const) {
    test(`fails when there is no answer to ${question}, and says where to look`, async () => {
      answer("new");
      const ended = await activate("true", without(question));
      assert.deepEqual([ended.status, ended.stderr], [1, `${message}\n`]);
    });
  }

  test("waits for nginx before it changes anything", async () => {
    answer("new");
    assert.equal((await activate("true", without("generation"))).status, 1);
    assert.equal(readlinkSync(at("current")), "old");
  });

  test("goes on after one that was killed half-way", async () => {
    answer("new");
    symlinkSync("old", at("next"));
    assert.equal((await activate()).status, 0);
    assert.equal(readlinkSync(at("current")), "new");
    assert.ok(!existsSync(at("next")));
  });

  test("asks with wget where there is no curl", async () => {
    answer("new");
    const wget = `wget() { echo "wget $*" >> ${at("log")}; cat ${at("answer")}; }`;
    assert.equal((await activate("true", "command() { false; }", wget)).status, 0);
    assert.deepEqual(
      [...new Set(recorded())],
      ["generation", "healthz", "login"].map((question) => `wget -q -O - http://127.0.0.1:8081/${question}`),
    );
  });
});
