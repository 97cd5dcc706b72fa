import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  bundle,
  countNodesScript,
  placeScript,
  restingHealthScript,
} from "../../../components/cluster/clusterScripts";
import { encoded } from "../../../components/docker/uploads";

test("what is in a bundle comes out of it, whatever it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-bundle-"));
  try {
    const binary = Buffer.from([0, 255, 10, 13, 39, 92]);
    const files = {
      "nginx.conf": encoded("a 'quoted' $word\n\\n\n"),
      "authorities/further.crt": binary.toString("base64"),
      empty: "",
    };
    const [bundlePath, filesPath] = [join(folder, "bundle"), join(folder, "files")];
    writeFileSync(bundlePath, bundle(files));
    mkdirSync(filesPath);
    const script = placeScript("abc")
      .replace(/^BUNDLE=.*$/m, `BUNDLE='${bundlePath}'`)
      .replace(/^FILES_PATH=.*$/m, `FILES_PATH='${filesPath}'`);
    execFileSync("sh", ["-c", script]);
    assert.equal(readFileSync(join(filesPath, "current/nginx.conf"), "utf8"), "a 'quoted' $word\n\\n\n");
    assert.deepEqual(readFileSync(join(filesPath, "abc/authorities/further.crt")), binary);
    assert.equal(readFileSync(join(filesPath, "abc/empty"), "utf8"), "");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a health check rests once it has succeeded, and fails as it would without", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-health-"));
  try {
    const mark = join(folder, "healthy");
    const run = (health: string) => {
      const script = restingHealthScript(health)
        .replaceAll("/tmp/healthy", mark)
        .replace("sleep 3", "echo rests");
      const { status, stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
      return [status, stdout];
    };
    assert.deepEqual(run("false || exit 3"), [3, ""]);
    assert.ok(!existsSync(mark));
    assert.deepEqual(run("false || true"), [0, ""]);
    assert.deepEqual(run("false || exit 3"), [3, "rests\n"]);
    assert.deepEqual(run("true"), [0, "rests\n"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A node as Docker's API tells of it, short of what nobody asks for. */
const node = (name: string, state: string, availability: string) =>
  `{"ID":"id${name}","Spec":{"Labels":{},"Role":"manager","Availability":"${availability}"},"Description":{"Hostname":"${name}"},"Status":{"State":"${state}","Addr":"192.0.2.1"}}`;

/** The script with an answer of Docker's in place of Docker. */
function counted(nodes: number, answer: string) {
  const script = countNodesScript(nodes)
    .replace(/^ask\(\) .*$/m, `ask() { printf %s '${answer}'; }`)
    .replace(/if ! command -v curl.*; then/, "if false; then");
  return spawnSync("sh", ["-c", script], { encoding: "utf8" });
}

test("nodes that can take tasks are counted", () => {
  const all = [node("n1", "ready", "active"), node("n2", "ready", "active"), node("n3", "down", "active")];
  assert.equal(counted(2, `[${all.join(",")}]`).status, 0);
  const { status, stderr } = counted(3, `[${all.join(",")}]`);
  assert.equal(status, 1);
  assert.equal(
    stderr.trim(),
    "nodes is 3, and Swarm has 2 that can take tasks (n3 is down, active): bring the others back or join more, or set nodes to 2",
  );
  const drained = [all[0], node("n2", "ready", "drain")].join(",");
  assert.match(counted(2, `[${drained}]`).stderr, /has 1 that can take tasks \(n2 is ready, drain\)/);
});

test("a Docker host that manages no swarm is named as such", () => {
  const answer = '{"message":"This node is not a swarm manager."}';
  const { status, stderr } = counted(1, answer);
  assert.equal(status, 1);
  assert.match(
    stderr,
    /take a manager of the swarm, or make it one with docker swarm init\. It says: .*not a swarm manager/,
  );
});
