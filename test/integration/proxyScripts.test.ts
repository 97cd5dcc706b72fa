import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import { activationScript, stageScript } from "../../components/render/proxyScripts";
import { at, record, recorded, sh, useScriptFolder } from "../support/scriptFolder";

useScriptFolder();

describe("the stage of the proxy", () => {
  const stage = (nginx = "true") =>
    sh(
      stageScript({ filesPath: at(), verifierPath: "/verifier", generation: "new", uid: 10001 }),
      record("chown"),
      `nginx() { echo "nginx $*" >> ${at("log")}; ${nginx}; }`,
    );

  test("points at the first generation", async () => {
    mkdirSync(at("new"));
    assert.equal((await stage()).status, 0);
    assert.equal(readlinkSync(at("current")), "new");
    assert.deepEqual(recorded(), [
      "chown 10001:10001 . /verifier",
      "chown -R 10001:10001 new",
      `nginx -t -q -c ${at("new", "nginx.conf")}`,
    ]);
  });

  test("leaves the generation that serves, and removes older ones", async () => {
    for (const name of ["new", "serving", "older", "oldest"]) mkdirSync(at(name));
    symlinkSync("serving", at("current"));
    assert.equal((await stage()).status, 0);
    assert.equal(readlinkSync(at("current")), "serving");
    const left = ["new", "serving", "older", "oldest"].filter((name) => existsSync(at(name)));
    assert.deepEqual(left, ["new", "serving"]);
  });

  test("says what an image lacks that has no firewall, and changes nothing", async () => {
    for (const name of ["new", "older"]) mkdirSync(at(name));
    const script = stageScript({
      ...{ filesPath: at(), verifierPath: "/verifier", generation: "new", uid: 10001 },
      linksRules: true,
    });
    const { status, stderr } = await sh(script, record("chown"), "nginx() { :; }");
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
      assert.deepEqual(readdirSync(at()).sort(), ["current", "log", "new", "serving"]);
      assert.ok(existsSync(at("new", "nginx.conf")) && existsSync(at("serving", "nginx.conf")));
    });
  }
});

describe("the activation of the proxy", () => {
  const answer = (served: string) => writeFileSync(at("answer"), served);
  /** A curl that gets no answer to one question. */
  const without = (question: string) =>
    `curl() { case "$2" in */${question}) return 7 ;; esac; cat ${at("answer")}; }`;
  const activate = (kill = "true", ...standIns: string[]) =>
    sh(
      activationScript({ filesPath: at(), generation: "new", healthPort: 8081 }),
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
