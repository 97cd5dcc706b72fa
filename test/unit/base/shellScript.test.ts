import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { shellScript, shellText, shellWord } from "../../../components/base/shellScript";
import {
  challengePort,
  renewerHealthScript,
  renewerScript,
} from "../../../components/certificates/acme/acmeScripts";
import { acmePaths, controlPath, dataPath, filesPath } from "../../../components/docker/paths";
import { keeperHealthScript, keeperScript } from "../../../components/keeper/keeperScripts";
import { scheduleFile } from "../../../components/keeper/keeperSettings";
import {
  certificatesPath,
  servedPath,
  takeAny,
  takeNewest,
} from "../../../components/proxy/certificateScripts";
import { followScript, startScript } from "../../../components/proxy/proxyScripts";
import { debugAddress } from "../../../components/registry/registryFiles";
import {
  healthScript,
  markFile,
  prepareScript,
  probeFile,
  startScript as registryStart,
} from "../../../components/registry/registryScripts";

const folder = mkdtempSync(join(tmpdir(), "shell-script-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test("a value is quoted before the text of a script, whatever it holds", () => {
  const path = file("greet.sh", 'echo "$NAME"\n');
  const script = shellScript(path, { NAME: "it's $(id)", PORT: 80, ON: true, OFF: false, ALL: ["a", "b"] });
  const values = `NAME='it'\\''s $(id)'\nPORT='80'\nON='yes'\nOFF='no'\nALL='a\nb'`;
  assert.equal(script, `${values}\necho "$NAME"`);
});

test("a word is without quotes only where the shell takes it as it is", () => {
  const path = "/etc/private-registry/0123456789abcdef/config.yml";
  assert.equal(shellWord(path), path);
  for (const value of ["", "a b", "$HOME", "a;b", "~", "a*", "it's"]) {
    assert.match(shellWord(value), /^'.*'$/);
  }
});

test("comments at the top of a file are left out, and an included file stands where it is named", () => {
  file("helpers.sh", "# About helpers.\n\nhelp() { echo '$&'; }\n");
  const path = file(
    "main.sh",
    "# About main.\n#\n# Needs nothing.\n\nset -u\n. ./helpers.sh\n# Says it.\nhelp\n",
  );
  assert.equal(shellText(path), "set -u\nhelp() { echo '$&'; }\n# Says it.\nhelp");
});

test("a file is read beside the one that includes it", () => {
  mkdirSync(join(folder, "sub"));
  file("helpers.sh", "echo outer\n");
  file("sub/helpers.sh", "echo inner\n");
  assert.equal(shellText(file("sub/main.sh", ". ./helpers.sh\n")), "echo inner");
});

/** Docker replaces a server whose command changes, so those have no values: they name the places themselves. */
test("the scripts of servers name the places of their containers", () => {
  const { accountPath, certificatesPath: renewed } = acmePaths;
  const named: [script: string, ...parts: string[]][] = [
    [startScript(), `cd ${filesPath} ||`, `"${filesPath}/$folder/nginx.conf"`],
    [followScript(), `${filesPath}/current`],
    [takeAny(), `"${certificatesPath}/$1/chain.pem"`, `$new ${servedPath}\n`],
    [takeNewest(), `${certificatesPath}/current`, `"${servedPath}-$name"`],
    [registryStart("/config.yml", true), `[ ! -e ${dataPath}/${markFile} ]`, "serve /config.yml"],
    [healthScript(false), `http://${debugAddress}/debug/health`],
    [healthScript(true), `http://${debugAddress}/debug/health`, `> ${dataPath}/${probeFile}`, markFile],
    [renewerScript(), `cd ${accountPath} ||`, `current=${renewed}/current`, `--http.port :${challengePort} `],
    [renewerHealthScript(), `cd ${accountPath} ||`, `current=${renewed}/current`],
    [
      keeperScript(),
      `cd ${controlPath} &&`,
      `trash=${dataPath}/.trash`,
      `${filesPath}/current/${scheduleFile}`,
    ],
    [keeperScript(), `${filesPath}/current/localtime`, markFile],
    [keeperHealthScript(), `${controlPath}/state/status.json`, markFile],
  ];
  for (const [script, ...parts] of named) {
    for (const part of parts) assert.ok(script.includes(part), `${part} is not in\n${script}`);
    const places = [
      controlPath,
      filesPath,
      certificatesPath,
      dataPath,
      accountPath,
      renewed,
      "/etc/ssl/certs",
    ];
    for (const [place] of script.matchAll(/\/(?:etc|run|var)\/[\w./-]*/g)) {
      assert.ok(
        places.some((known) => place === known || place.startsWith(`${known}/`)),
        place,
      );
    }
  }
});

test("a registry without a disk of its own is not asked for the mark of one", () => {
  const settings = { generation: "new", uid: 10001 };
  for (const [with_, without] of [
    [registryStart("/c", true), registryStart("/c", false)],
    [healthScript(true), healthScript(false)],
    [prepareScript({ ...settings, writes: true }), prepareScript({ ...settings, writes: false })],
  ] as const) {
    assert.ok(with_.includes(markFile));
    assert.ok(!without.includes(markFile));
  }
});
