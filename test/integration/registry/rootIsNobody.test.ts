import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { serviceUid } from "../../../components/docker/containerSettings";
import { dataPath, filesPath } from "../../../components/docker/paths";
import { markFile, markScript, prepareScript, probeFile } from "../../../components/registry/registryScripts";
import { run } from "../../../tools/shell";
import { registryImage } from "../../../tools/temporaryStack";

const advice =
  "root may not write to the place of the images. If it is on NFS: export it with no_root_squash, " +
  `or on its server run, in that folder: touch ${markFile} && chown -R ${serviceUid}:${serviceUid} . ` +
  "With SELinux on the Docker host: chcon -Rt container_file_t, on that folder";

// NFS takes root for nobody: so does a kernel whose root has no capability, but for files of root itself.
describe("images in a place where root is nobody, as on NFS with root_squash", () => {
  let folder: string;
  let data: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "private-registry-nobody-"));
    data = join(folder, "data");
    mkdirSync(join(folder, "files", "new"), { recursive: true });
    mkdirSync(data);
    writeFileSync(join(folder, "files", "new", "config.yml"), "");
    chmodSync(folder, 0o755);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const give = (uid: number, ...paths: readonly string[]) => {
    for (const path of paths) chownSync(path, uid, uid);
  };
  const inContainer = (script: string, ...options: readonly string[]) =>
    run([
      ...["docker", "run", "--rm", "--network", "none", "--user", "0:0", "--cap-drop", "ALL", ...options],
      ...["-v", `${data}:${dataPath}`, "-v", `${join(folder, "files")}:${filesPath}`],
      ...["--entrypoint", "sh", registryImage, "-c", script],
    ]);
  const mark = (...options: readonly string[]) => inContainer(markScript(serviceUid), ...options);
  // Configuration and socket are on the Docker host in any case, where root may what it needs.
  const prepare = (...options: readonly string[]) =>
    inContainer(prepareScript({ generation: "new", uid: serviceUid, writes: true }), ...options);
  const asUsual = ["--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE"];

  it("need nothing where they belong to the registry's user and are marked", async () => {
    writeFileSync(join(data, markFile), "");
    give(serviceUid, data, join(data, markFile));
    assert.deepEqual(await mark(), { status: 0, stdout: "", stderr: "" });
    const nothing = prepareScript({ generation: "new", uid: serviceUid, writes: true });
    const onDisk = nothing.slice(0, nothing.indexOf("FILES_PATH="));
    assert.deepEqual(await inContainer(onDisk), { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(readdirSync(data), [markFile]);
  });

  it("are refused with what to do where they are not marked, or belong to another", async () => {
    give(serviceUid, data);
    const unmarked = await mark();
    assert.deepEqual([unmarked.status, unmarked.stderr.trim().split("\n").at(-1)], [1, advice]);
    assert.deepEqual(readdirSync(data), []);
    writeFileSync(join(data, markFile), "");
    give(1000, data);
    const foreign = await inContainer(prepareScript({ generation: "new", uid: serviceUid, writes: true }));
    assert.deepEqual([foreign.status, foreign.stderr.trim().split("\n").at(-1)], [1, advice]);
  });

  it("are marked and given to the registry's user where root is root", async () => {
    assert.deepEqual(await mark(...asUsual), { status: 0, stdout: "", stderr: "" });
    assert.deepEqual(await prepare(...asUsual), { status: 0, stdout: "", stderr: "" });
    for (const path of ["", markFile, probeFile])
      assert.equal(statSync(join(data, path)).uid, serviceUid, path);
  });
});
