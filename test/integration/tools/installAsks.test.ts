import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { output, run } from "../../../tools/shell";

const project = resolve(__dirname, "../../..");
const prepare = `require("./tools/setup/docker").prepareDocker({ cacheDirectory: "/nowhere" })
  .catch(({ message }) => { console.log("error: " + message); process.exit(1); })`;

describe("set-up on a machine without Docker, run by root", () => {
  let programs = "";
  const asked = () => join(programs, "asked");

  beforeEach(async () => {
    // Nothing is on PATH but these: no dockerd, a docker without a daemon, and an apt-get that only notes what it is told.
    programs = mkdtempSync(join(tmpdir(), "private-registry-programs-"));
    for (const name of ["sh", "script"]) symlinkSync(await output(["which", name]), join(programs, name));
    symlinkSync(process.execPath, join(programs, "node"));
    writeFileSync(join(programs, "docker"), "#!/bin/sh\necho no daemon >&2\nexit 1\n", { mode: 0o755 });
    const aptGet = `#!/bin/sh\necho "$*" >>${asked()}\n[ "$1" = update ]\n`;
    writeFileSync(join(programs, "apt-get"), aptGet, { mode: 0o755 });
  });

  afterEach(() => rmSync(programs, { recursive: true }));

  /** What set-up says, at a terminal that types an answer. */
  async function atTerminal(answer: string, env: { readonly [name: string]: string } = {}, option = "") {
    const file = join(programs, "prepare.js");
    writeFileSync(file, prepare.replace("./tools", join(project, "tools")));
    const command = `node --import tsx ${file} ${option}`;
    const { stdout, stderr } = await run(["script", "--quiet", "--command", command, "/dev/null"], {
      input: answer,
      cwd: project,
      env: { PATH: programs, SHELL: "/bin/sh", CI: undefined, DOCKER_HOST: undefined, ...env },
    });
    return stdout + stderr;
  }

  const installs = () => (existsSync(asked()) ? readFileSync(asked(), "utf8") : "");

  it("asks, and a no leaves the machine as it is and says what to type", async () => {
    const said = await atTerminal("no\n");
    assert.match(said, /Install docker\.io on this machine with apt-get, as root\? \[y\/N\]/);
    assert.match(said, /error: nothing was installed\. Run "apt-get install docker\.io" yourself/);
    assert.equal(installs(), "");
  });

  it("takes the end of the input, Ctrl-D, for a no", async () => {
    assert.match(await atTerminal("\u0004"), /error: nothing was installed/);
    assert.equal(installs(), "");
  });

  it("installs after a yes", async () => {
    await atTerminal("y\n");
    assert.match(installs(), /^update .*\ninstall --yes .* docker\.io\n$/);
  });

  it("does not ask with --yes, nor in CI", async () => {
    for (const said of [await atTerminal("\n", {}, "--yes"), await atTerminal("\n", { CI: "true" })])
      assert.doesNotMatch(said, /\[y\/N\]/);
    assert.equal(installs().match(/^install .* docker\.io$/gm)?.length, 2);
  });

  it("does not ask where there is no terminal", async () => {
    const env = { PATH: programs, CI: undefined, DOCKER_HOST: undefined };
    const { stdout, stderr } = await run(["node", "--import", "tsx", "-e", prepare], { cwd: project, env });
    assert.doesNotMatch(stdout + stderr, /\[y\/N\]/);
    assert.match(installs(), /^install .* docker\.io$/m);
  });
});
