import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { shellText } from "../../../components/base/shellScript";
import {
  acmePrepareScript,
  issueScript,
  renewerHealthScript,
  renewerScript,
} from "../../../components/certificates/acme/acmeScripts";
import { dataPath, filesPath } from "../../../components/docker/paths";
import {
  keeperHealthScript,
  keeperPrepareScript,
  keeperScript,
} from "../../../components/keeper/keeperScripts";
import { takeAny, takeNewest } from "../../../components/proxy/certificateScripts";
import {
  activationScript,
  followScript,
  stageScript,
  startScript,
} from "../../../components/proxy/proxyScripts";
import {
  healthScript,
  markScript,
  prepareScript,
  startScript as registryStart,
  trialScript,
} from "../../../components/registry/registryScripts";
import { run } from "../../../tools/shell";
import { at, moved, record, recorded, sh, useScriptFolder } from "../../support/scriptFolder";

useScriptFolder();

const mark = ".private-registry-data";
const me = process.getuid?.() ?? 0;

describe("every script", () => {
  const generation = "0123456789abcdef";
  const scripts = {
    prepare: prepareScript({ socketPath: "/s", generation, uid: 10001, writes: true }),
    mark: markScript(10001),
    "recursive prepare": prepareScript({
      socketPath: "/s",
      generation,
      uid: 1,
      recursive: true,
      writes: false,
    }),
    "health with writing": healthScript(true),
    "health without writing": healthScript(false),
    renewer: renewerScript(),
    "health of the renewer": renewerHealthScript(),
    "preparation of the renewer": acmePrepareScript(10001, "0123456789abcdef"),
    issue: issueScript(),
    "certificate before a start": takeAny(),
    "certificate while it runs": takeNewest(),
    stage: stageScript({ generation, uid: 10001 }),
    "stage with rules": stageScript({
      generation,
      uid: 10001,
      takeCertificate: takeAny(),
      linksRules: true,
    }),
    start: startScript(),
    "start with a certificate": startScript(takeAny()),
    "health of the proxy": followScript(),
    "start of the registry": registryStart("/f/config.yml", true),
    "try of the registry": trialScript({
      generation,
      debugAddress: "127.0.0.1:5001",
      direct: false,
      writes: false,
    }),
    activation: activationScript(generation, 8081),
    keeper: keeperScript(),
    "health of the keeper": keeperHealthScript(),
    "preparation of the keeper": keeperPrepareScript(generation, 10001),
  };

  for (const [name, script] of Object.entries(scripts)) {
    test(`${name} is POSIX sh`, async () => {
      assert.deepEqual(await run(["sh", "-n"], { input: script }), { status: 0, stdout: "", stderr: "" });
    });

    test(`shellcheck finds nothing in ${name}`, async () => {
      const { stdout } = await run(["shellcheck", "--norc", "--shell=sh", "-"], { input: script });
      assert.equal(stdout, "");
    });
  }
});

describe("the preparation of the registry", () => {
  const images = () => at("data", "docker", "registry", "v2");
  const script = (uid: number, recursive?: boolean, writes = false) =>
    moved(prepareScript({ socketPath: at("socket"), generation: "new", uid, recursive, writes }), {
      [dataPath]: at("data"),
      [filesPath]: at("files"),
    });
  const prepare = (uid: number, recursive?: boolean) => sh(script(uid, recursive), record("chown"));

  beforeEach(() => {
    for (const folder of ["data", "socket", "files", "files/new"]) mkdirSync(at(folder));
    writeFileSync(at("data", mark), "");
  });

  test("gives the top folders and the configuration to the registry's user, on fresh volumes", async () => {
    assert.equal((await prepare(10001)).status, 0);
    assert.deepEqual(recorded(), [
      `chown 10001:10001 ${at("data")}`,
      `chown 10001:10001 ${at("socket")} ${at("files")}`,
      `chown -R 10001:10001 ${at("files", "new")}`,
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
    assert.equal(recorded()[3], `chown -hR ${me + 1}:${me + 1} ${at("data")}`);
  });

  test("writes where images are kept, for the registry's user", async () => {
    assert.equal((await sh(script(10001, false, true), record("chown"))).status, 0);
    assert.equal(readFileSync(at("data", ".private-registry-health"), "utf8"), "writable\n");
    const own = [at("data"), at("data", mark), at("data", ".private-registry-health")];
    assert.deepEqual(
      recorded().slice(0, 3),
      own.map((path) => `chown 10001:10001 ${path}`),
    );
  });

  test("fails where the images are not in their place, writes nothing there, and says what to look at", async () => {
    rmSync(at("data", mark));
    const { status, stderr } = await sh(script(10001, false, true), record("chown"));
    assert.equal(status, 1);
    assert.match(stderr, /it has no file \.private-registry-data\. Is its disk mounted\?/);
    assert.deepEqual(readdirSync(at("data")), []);
  });

  test("leaves the configurations that a registry was last seen to start with, and removes others", async () => {
    for (const folder of ["one", "two", "three"]) mkdirSync(at("files", folder));
    symlinkSync("two", at("files", "current"));
    symlinkSync("one", at("files", "previous"));
    assert.equal((await prepare(10001)).status, 0);
    assert.deepEqual(readdirSync(at("files")).sort(), ["current", "new", "one", "previous", "two"]);
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

describe("the start of the registry", () => {
  const start = () =>
    sh(
      moved(registryStart("/f/config.yml", true), { [dataPath]: at() }).replace("exec ", ""),
      record("registry"),
    );

  test("is refused where the images are not in their place", async () => {
    const { status, stderr } = await start();
    assert.equal(status, 1);
    assert.match(stderr, /Is its disk mounted\?/);
    assert.deepEqual(recorded(), []);
  });

  test("is refused by an image that is no registry, which it says", async () => {
    writeFileSync(at(mark), "");
    const script = moved(registryStart("/f/config.yml", true), { [dataPath]: at() });
    const { status, stderr } = await sh(script, "command() { return 1; }");
    assert.deepEqual([status, stderr], [1, "the image has no program named registry\n"]);
  });

  test("is with its config.yml where they are", async () => {
    writeFileSync(at(mark), "");
    assert.equal((await start()).status, 0);
    assert.deepEqual(recorded(), ["registry serve /f/config.yml"]);
  });
});

describe("the health of the registry", () => {
  beforeEach(() => writeFileSync(at(mark), ""));

  const health = (writes: boolean, wget: string) =>
    sh(moved(healthScript(writes), { [dataPath]: at() }), `wget() { ${wget}; }`);

  test("is bad where the images are no longer in their place", async () => {
    rmSync(at(mark));
    const { status, stderr } = await health(true, "true");
    assert.equal(status, 1);
    assert.match(stderr, /Is its disk mounted\?/);
  });

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

describe("the install script on a machine whose Docker is a snap", () => {
  const tell = (target: string) => {
    mkdirSync(at("bin"));
    writeFileSync(at(target), "");
    chmodSync(at(target), 0o755);
    symlinkSync(at(target), at("bin", "docker"));
    const text = shellText(join(__dirname, "../../../components/clients/script/daemon.sh"));
    return sh(
      `${text}\ntell_of_snap`,
      `set -euf; ETC=/etc; PATH=${at("bin")}:$PATH; warn() { echo "$*" >&2; }`,
    );
  };

  test("says where that looks, and how to get the files there", async () => {
    const { status, stderr } = await tell("snap");
    assert.equal(status, 0);
    assert.match(
      stderr,
      /reads \/var\/snap\/docker\/current\/etc\/docker\/certs\.d in place of \/etc\/docker\/certs\.d/,
    );
    assert.match(
      stderr,
      /cp -r \/etc\/docker\/certs\.d \/var\/snap\/docker\/current\/etc\/docker\/ && snap restart docker\n$/,
    );
  });

  test("says nothing of any other Docker", async () => {
    assert.deepEqual(await tell("dockerd"), { status: 0, stdout: "", stderr: "" });
  });
});
