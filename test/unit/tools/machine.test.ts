import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { imageNames } from "../../../components/docker/imageNames";
import {
  duration,
  type Inspected,
  inStartOrder,
  isStarting,
  isWell,
  statusTable,
} from "../../../tools/containers";
import { makeContext, stackDockerHost, stackSetting } from "../../../tools/context";
import { atLeast } from "../../../tools/machine.cjs";
import { buildStamp, goPhase } from "../../../tools/setup/compile";
import { neededImages, without } from "../../../tools/setup/images";
import { neededPlugins } from "../../../tools/setup/plugins";
import { hashOf, mirrorIn } from "../../../tools/setup/standIns";

function container(name: string, role: string, status: string, health?: string): Inspected {
  return {
    Id: name,
    Name: `/${name}`,
    RestartCount: 0,
    Config: { Labels: { "private-registry.role": role } },
    State: {
      Status: status,
      StartedAt: "2026-01-01T00:00:00Z",
      ...(health && { Health: { Status: health } }),
    },
    NetworkSettings: {
      Networks: {},
      Ports: { "443/tcp": [{ HostIp: "127.0.0.1", HostPort: "5443" }], "80/tcp": null },
    },
  };
}

test("versions are compared number by number", () => {
  assert.equal(atLeast("v3.259.0", "3.230.0"), true);
  assert.equal(atLeast("3.99.0", "3.230.0"), false);
  assert.equal(atLeast("go1.26.8", "1.26"), true);
  assert.equal(atLeast("", "1.26"), false);
});

test("the toolchain's stamp changes with any file, name or flag, and not with the order of listing", () => {
  const [a, b] = [
    { path: "go.mod", content: "module x" },
    { path: "main.go", content: "package main" },
  ];
  const stamp = buildStamp([a, b], ["-s"]);
  assert.equal(buildStamp([b, a], ["-s"]), stamp);
  const others = [
    buildStamp([a, { ...b, content: "package other" }], ["-s"]),
    buildStamp([a, { ...b, path: "other.go" }], ["-s"]),
    buildStamp([a], ["-s"]),
    buildStamp([a, b], ["-w"]),
  ];
  assert.equal(new Set([stamp, ...others]).size, 5);
});

test("an image is prepared only for a stack that uses it and does not name its own", () => {
  const needed = (settings: { [key: string]: string }) =>
    neededImages((key) => settings[key]).map(({ kind }) => kind);
  assert.deepEqual(needed({}), ["registry", "proxy", "keeper"]);
  assert.deepEqual(needed({ "keeper.enabled": "true" }), ["registry", "proxy", "keeper"]);
  assert.deepEqual(needed({ "keeper.enabled": "false" }), ["registry", "proxy"]);
  assert.deepEqual(needed({ certificateSource: "acme", keeperImage: "node:1" }), [
    "registry",
    "proxy",
    "acme",
  ]);
  assert.deepEqual(needed({ "storage.s3.bucket": "images" }), ["registry", "proxy"]);
  const demanded = neededImages((key) => ({ "keeper.enabled": "false" })[key], ["store"]);
  assert.deepEqual(
    demanded.map(({ kind }) => kind),
    ["registry", "proxy", "store"],
  );
  const own = { "acme.image": "lego:1", proxyImage: "nginx:1", keeperImage: "node:1" };
  assert.deepEqual(needed({ certificateSource: "acme", ...own }), ["registry"]);
  const all = neededImages().map(({ kind }) => kind);
  assert.deepEqual(all.sort(), Object.keys(imageNames).sort(), "for the tests all of them");
});

test("a stack whose keeper's image cannot be had goes without, and is told what that costs and how to have it", () => {
  const said: string[] = [];
  const write = mock.method(process.stderr, "write", (text: string) => said.push(text) > 0);
  const keeper = neededImages().find(({ kind }) => kind === "keeper");
  const asked = {
    retention: [{ repositories: ["**"], maxTags: 9 }],
    diskGuard: { refuseAtPercent: 95 },
    quotas: [{ repositories: ["**"], maxMib: 9 }],
    backup: { folder: "/mnt/backup" },
  };
  try {
    assert.ok(keeper);
    for (const settings of [{}, asked, { retention: [], diskGuard: { enabled: false } }])
      assert.deepEqual(without(keeper, new Error("building stand-ins needs root"), settings), {
        PRIVATE_REGISTRY_KEEPER_IMAGE: "none",
      });
  } finally {
    write.mock.restore();
  }
  const [plain = "", costly, nothingAsked] = said;
  assert.match(
    plain,
    /^Beware: the keeper is left out because node:22\S+ is not available \(building stand-ins needs root\)\./,
  );
  assert.match(
    plain,
    /docker pull node:22\S+ on the Docker host, .* keeperImage\. .*: keeper\.enabled: false\n$/,
  );
  assert.match(
    costly ?? "",
    /^Beware: the keeper is left out, and retention, diskGuard, quotas, backup of your settings with it, because /,
  );
  assert.match(costly ?? "", /: keeper\.enabled: false, no retention, no diskGuard, no quotas, no backup\n$/);
  assert.equal(nothingAsked, plain);
});

test("a setting and the Docker host are read from the stack file, also out of a map, and no encrypted one", () => {
  const folder = mkdtempSync(join(tmpdir(), "stack-file-"));
  try {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    writeFileSync(
      join(folder, "Pulumi.dev.yaml"),
      "config:\n  shop:dockerHost: ssh://host\n  other:dockerHost: none\n  shop:settings:\n    proxyImage: nginx:1\n" +
        '    realm: ""\n    keeper:\n      enabled: false\n    acme:\n      image: lego:1\n    key:\n      secure: v1\n',
    );
    const context = makeContext("dev", folder);
    assert.equal(stackDockerHost(context), "ssh://host");
    assert.equal(stackDockerHost(makeContext("absent", folder)), undefined);
    assert.deepEqual(
      [
        "proxyImage",
        "realm",
        "acme.image",
        "acme.email",
        "acme",
        "key",
        "absent.image",
        "keeper.enabled",
      ].map((key) => stackSetting(context, key)),
      ["nginx:1", undefined, "lego:1", undefined, undefined, undefined, undefined, "false"],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a long build tells how far it is", () => {
  const phase = goPhase();
  assert.equal(phase("go: downloading example.com/a v1.0.0"), "1 modules downloaded");
  assert.equal(phase("example.com/a"), "1 packages compiled, last example.com/a");
});

test("plugins take the versions of the npm packages", () => {
  const text =
    '{"devDependencies":{"@pulumi/docker":"5.2.0","@pulumi/random":"4.21.2","@pulumi/tls":"5.6.1"}}';
  assert.deepEqual(neededPlugins(text)[2], { name: "tls", version: "5.6.1" });
});

test("the machine's Debian mirror is read from either format, and no other archive is taken", () => {
  assert.equal(mirrorIn("Types: deb\nURIs: http://m.example/debian\nSuites: x\n"), "http://m.example/debian");
  assert.equal(
    mirrorIn("deb [signed-by=/k] https://m.example/debian/ stable main"),
    "https://m.example/debian",
  );
  assert.equal(
    mirrorIn("deb http://m.example/debian-security stable main\n# deb http://m.example/debian x"),
    undefined,
  );
});

test("containers start registry first, and one-shots are not among them", () => {
  const all = [
    container("p", "proxy", "running"),
    container("j", "x-stage", "exited"),
    container("r", "registry", "running"),
  ];
  assert.deepEqual(
    inStartOrder(all).map(({ Id }) => Id),
    ["r", "p"],
  );
});

test("well is running, and healthy where there is a check", () => {
  assert.equal(isWell(container("a", "proxy", "running", "healthy")), true);
  assert.equal(isWell(container("a", "proxy", "running")), true);
  assert.equal(isWell(container("a", "proxy", "running", "starting")), false);
  assert.equal(isWell(container("a", "proxy", "exited", "healthy")), false);
});

test("starting is running, with a check that has said nothing yet", () => {
  assert.equal(isStarting(container("a", "proxy", "running", "starting")), true);
  assert.equal(isStarting(container("a", "proxy", "running", "unhealthy")), false);
  assert.equal(isStarting(container("a", "proxy", "running")), false);
  assert.equal(isStarting(container("a", "proxy", "restarting", "starting")), false);
});

test("the status table shows name, state, health, published ports and uptime", () => {
  const [, line] = statusTable(
    [container("a", "proxy", "running", "healthy")],
    new Date("2026-01-01T03:12:05Z"),
  ).split("\n");
  assert.deepEqual(line?.split(/ {2,}/), [
    "a",
    "running",
    "healthy",
    "127.0.0.1:5443->443/tcp",
    "3 h 12 min",
  ]);
});

test("durations show their two largest units", () => {
  assert.equal(duration(0), "0 s");
  assert.equal(duration(61_000), "1 min 1 s");
  assert.equal(duration(2 * 86_400_000 + 5 * 3_600_000), "2 d 5 h");
});

test("a stand-in is built anew when a file of its folder has changed, another has come, or a name", () => {
  const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  try {
    const hashes = [hashOf(folder)];
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      hashes.push(hashOf(folder));
    };
    write("Dockerfile", "FROM a");
    write("Dockerfile", "FROM b");
    write("entrypoint.sh", "");
    renameSync(join(folder, "entrypoint.sh"), join(folder, "start.sh"));
    hashes.push(hashOf(folder));
    assert.equal(new Set(hashes).size, 5);
    write("Dockerfile", "FROM b");
    assert.equal(hashes[5], hashes[4]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
