import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import {
  acmePrepareScript,
  issueScript,
  renewerHealthScript,
  renewerScript,
} from "../../components/render/acmeScripts";
import { takeAny, takeNewest } from "../../components/render/certificateScripts";
import { activationScript, stageScript } from "../../components/render/proxyScripts";
import { healthScript, prepareScript } from "../../components/render/registryScripts";
import { run } from "../support/shell";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scripts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (...path: string[]) => join(folder, ...path);
const me = process.getuid?.() ?? 0;

/** Runs a script as `sh -c` does in a container, after functions that stand in for commands. */
const sh = (script: string, ...standIns: string[]) =>
  run(["sh", "-c", [...standIns, script].join("\n")], { cwd: folder });

const record = (name: string) => `${name}() { echo "${name} $*" >> ${at("log")}; }`;
const recorded = () => (existsSync(at("log")) ? readFileSync(at("log"), "utf8").trim().split("\n") : []);

describe("every script", () => {
  const generation = "0123456789abcdef";
  const acme = { accountPath: "/account", certificatesPath: "/certificates" };
  const health = { debugAddress: "127.0.0.1:5001", dataPath: "/data" };
  const scripts = {
    prepare: prepareScript({
      dataPath: "/data",
      socketPath: "/s",
      filesPath: "/f",
      uid: 10001,
      writes: true,
    }),
    "recursive prepare": prepareScript({
      dataPath: "/d",
      socketPath: "/s",
      filesPath: "/f",
      uid: 1,
      recursive: true,
      writes: false,
    }),
    "health with writing": healthScript({ ...health, writes: true }),
    "health without writing": healthScript({ ...health, writes: false }),
    renewer: renewerScript(acme),
    "health of the renewer": renewerHealthScript(acme),
    "preparation of the renewer": acmePrepareScript(acme, 10001),
    issue: issueScript(acme),
    "certificate before a start": takeAny,
    "certificate while it runs": takeNewest,
    stage: stageScript({ filesPath: "/files", verifierPath: "/v", generation, uid: 10001 }),
    "stage with rules": stageScript({
      filesPath: "/files",
      verifierPath: "/v",
      generation,
      uid: 10001,
      linksRules: true,
    }),
    activation: activationScript({ filesPath: "/files", generation, healthPort: 8081 }),
  };
  const hasShellcheck = spawnSync("shellcheck", ["--version"]).status === 0;

  for (const [name, script] of Object.entries(scripts)) {
    test(`${name} is POSIX sh`, async () => {
      assert.deepEqual(await run(["sh", "-n"], { input: script }), { status: 0, stdout: "", stderr: "" });
    });

    test(`shellcheck finds nothing in ${name}`, { skip: !hasShellcheck }, async () => {
      const { stdout } = await run(["shellcheck", "--shell=sh", "-"], { input: script });
      assert.equal(stdout, "");
    });
  }
});

describe("the preparation of the registry", () => {
  const images = () => at("data", "docker", "registry", "v2");
  const script = (uid: number, recursive?: boolean, writes = false) =>
    prepareScript({
      dataPath: at("data"),
      socketPath: at("socket"),
      filesPath: at("files"),
      uid,
      recursive,
      writes,
    });
  const prepare = (uid: number, recursive?: boolean) => sh(script(uid, recursive), record("chown"));

  beforeEach(() => {
    mkdirSync(at("data"));
    mkdirSync(at("socket"));
  });

  test("gives the two top folders and the configuration to the registry's user, on fresh volumes", async () => {
    assert.equal((await prepare(10001)).status, 0);
    assert.deepEqual(recorded(), [
      `chown 10001:10001 ${at("data")} ${at("socket")}`,
      `chown -R 10001:10001 ${at("files")}`,
    ]);
  });

  test("is content with images of the registry's user", async () => {
    mkdirSync(images(), { recursive: true });
    assert.deepEqual(await prepare(me), { status: 0, stdout: "", stderr: "" });
  });

  test("fails when the images belong to somebody else, and says what to set", async () => {
    mkdirSync(images(), { recursive: true });
    const { status, stderr } = await prepare(me + 1);
    assert.equal(status, 1);
    assert.equal(
      stderr,
      `the images belong to user ${me}, the registry runs as ${me + 1}: set storage.takeOwnership to true for one up\n`,
    );
  });

  test("takes over every file when asked, links themselves and not what they point to", async () => {
    mkdirSync(images(), { recursive: true });
    assert.equal((await prepare(me + 1, true)).status, 0);
    assert.equal(recorded()[2], `chown -hR ${me + 1}:${me + 1} ${at("data")}`);
  });

  test("writes where images are kept, for the registry's user", async () => {
    assert.equal((await sh(script(10001, false, true), record("chown"))).status, 0);
    assert.equal(readFileSync(at("data", ".private-registry-health"), "utf8"), "writable\n");
    assert.equal(recorded()[0], `chown 10001:10001 ${at("data", ".private-registry-health")}`);
  });

  test("fails where nothing can be written, and says so", async () => {
    mkdirSync(at("data", ".private-registry-health"));
    const { status, stderr } = await sh(script(10001, false, true), record("chown"));
    assert.notEqual(status, 0);
    assert.match(stderr, /private-registry-health/);
  });

  test("fails when it may not change an owner", async () => {
    assert.equal((await sh(script(10001), "chown() { return 1; }")).status, 1);
  });
});

describe("the health of the registry", () => {
  const health = (writes: boolean, wget: string) =>
    sh(healthScript({ debugAddress: "127.0.0.1:5001", dataPath: folder, writes }), `wget() { ${wget}; }`);

  test("needs an answer, and a disk that can be written", async () => {
    assert.equal((await health(true, "true")).status, 0);
    assert.equal(readFileSync(at(".private-registry-health"), "utf8"), "writable\n");
    assert.notEqual((await health(true, "false")).status, 0);
    rmSync(at(".private-registry-health"));
    mkdirSync(at(".private-registry-health"));
    assert.notEqual((await health(true, "true")).status, 0);
  });

  test("needs an answer alone, where images are in an object store", async () => {
    assert.equal((await health(false, "true")).status, 0);
    assert.ok(!existsSync(at(".private-registry-health")));
  });
});

describe("the stage of the proxy", () => {
  const stage = (nginx = "true") =>
    sh(
      stageScript({ filesPath: folder, verifierPath: "/verifier", generation: "new", uid: 10001 }),
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
      ...{ filesPath: folder, verifierPath: "/verifier", generation: "new", uid: 10001 },
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
      assert.deepEqual(readdirSync(folder).sort(), ["current", "log", "new", "serving"]);
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
      activationScript({ filesPath: folder, generation: "new", healthPort: 8081 }),
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
