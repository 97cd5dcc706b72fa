import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { output, run, until } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { promtool, startPrometheus } from "../../support/prometheus";
import { type Skopeo, skopeo } from "../../support/skopeo";
import {
  allLogs,
  countersAt,
  countersOf,
  expressionsOf,
  figuresIn,
  logLines,
  prometheusConfig,
} from "../../support/watchedStack";

const port = 18760;
const address = `127.0.0.1:${port}`;
const wrong = ["a wrong password", "another wrong one"];
/** What somebody types in place of a name. */
const typed = "correct-horse-battery";
const config = {
  hostnames: ["127.0.0.1"],
  port,
  bindAddress: "127.0.0.1",
  users: [{ name: "alice" }, { name: "ci", expires: "2099-12-31" }],
  log: { format: "json", auditDays: 7 },
  metrics: {},
};
const proxy = "private-registry-watch-main-proxy";

describe("a registry that is watched", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let images: Skopeo;
  let outputs: Record<string, unknown>;
  let password: string;
  let user: string;

  before(async () => {
    stack = await infraStack("watch", config);
    outputs = await stack.up();
    password = String((outputs.credentials as Record<string, string>).alice);
    user = `alice:${password}`;
    client = new RegistryClient(port, String(outputs.caCertificate));
    images = skopeo(address, String(outputs.caCertificate), user);
  });
  after(async () => {
    images?.remove();
    await stack?.remove();
  });

  it("counts what was done, also over reloads, and says of each request who did what", async () => {
    for (const tag of ["1", "2", "3"]) {
      await images.push(`team/app:${tag}`, [200_000, 3000]);
      assert.equal((await images.pull(`team/app:${tag}`)).status, 0);
      await output(["docker", "kill", "-s", "HUP", proxy]);
    }
    for (const each of wrong) assert.equal((await client.ask("/v2/", { user: `alice:${each}` })).status, 401);
    assert.equal((await client.ask("/v2/", { user: `${typed}:x` })).status, 401);
    const range = { user, headers: { Range: "bytes=0-9" } };
    const digest = await images.digest("team/app:1");
    const headers = { Accept: "application/vnd.oci.image.manifest.v1+json" };
    const manifest = await client.ask(`/v2/team/app/manifests/${digest}`, { user, headers });
    const { layers }: { layers: { digest: string }[] } = JSON.parse(manifest.body);
    assert.equal((await client.ask(`/v2/team/app/blobs/${layers[0]?.digest}`, range)).status, 206);
    await images.delete("team/app:2");
    await until("the log has it", async () =>
      (await logLines(proxy)).some(({ action }) => action === "delete"),
    );
    // Each worker writes within a second, the other one perhaps later.
    await sleep(2000);
    const lines = await logLines(proxy);
    const count = (action: string, status: number) =>
      lines.filter((line) => line.action === action && line.status === status).length;
    assert.deepEqual([count("push", 201), count("delete", 202), count("download", 206)], [3, 1, 1]);
    const pushes = lines.filter(({ action }) => action === "push");
    assert.deepEqual(
      pushes.map((line) => [line.user, line.login, line.repository, line.tag]),
      ["1", "2", "3"].map((tag) => ["alice", "ok", "team/app", tag]),
    );
    assert.equal(pushes[0]?.digest, digest);
    const refused = lines.filter(({ login }) => login === "refused");
    assert.deepEqual(
      refused.map((line) => line.user),
      ["alice", "alice", ""],
    );
    const expected = [...countersOf(lines)].filter(([key]) => !key.includes("logins"));
    await until("what was written is added up", async () => {
      const counters = await countersAt(client, user);
      return expected.every(([key, value]) => counters.get(key) === value);
    });
    assert.deepEqual([...(await countersAt(client, user))].sort(), expected.sort());
  });

  it("has figures of the proxy, the keeper and the registry in one answer, as promtool wants them", async () => {
    // What it does each hour.
    const program = "cd /etc/private-registry/current && node keeper.js settings.json space";
    await output(["docker", "exec", "private-registry-watch-main-keeper", "sh", "-c", program]);
    const { body } = await client.ask("/metrics", { user });
    const ours = body.split(/(?=^# HELP )/m).filter((family) => family.includes("private_registry_"));
    await promtool(["check", "metrics"], ours.join(""));
    const figures = figuresIn(body);
    assert.ok((figures.get('private_registry_project_bytes{project="team"}') ?? 0) > 600_000);
    assert.ok((figures.get('private_registry_logins_total{outcome="refused"}') ?? 0) === 3);
    assert.equal(figures.get('private_registry_login_end_timestamp_seconds{user="ci"}'), 4_102_444_799);
    const end = Math.floor(Date.parse(String(outputs.certificateExpiresAt)) / 1000);
    assert.equal(figures.get("private_registry_certificate_end_timestamp_seconds"), end);
    assert.match(body, /^registry_storage_action_seconds_count/m);
  });

  it("gives every panel of its dashboard data, from a Prometheus that its own configuration leads here", async () => {
    const files = outputs.watchFiles as Record<string, string>;
    const prometheus = await startPrometheus(18761, prometheusConfig(files["scrape.yml"] ?? ""), {
      "ca.crt": String(outputs.caCertificate),
      password,
      "alerts.yml": files["alerts.yml"] ?? "",
    });
    try {
      await until("it has scraped", async () => [...(await prometheus.query("up")).values()][0] === 1);
      await sleep(4000);
      for (const expression of expressionsOf(files["dashboard.json"] ?? "", address))
        assert.ok((await prometheus.query(expression)).size > 0, expression);
      const unexpected = (await prometheus.alerts()).filter((name) => !name.startsWith("RegistryDisk"));
      assert.deepEqual(unexpected, []);
    } finally {
      prometheus.stop();
    }
  });

  it("tells who wrote what, and what was refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "private-registry-watch-"));
    const script = join(folder, "images.sh");
    writeFileSync(script, String(outputs.imagesScript));
    const env = { REGISTRY_USERNAME: "alice", REGISTRY_PASSWORD: password };
    const audit = async (...args: string[]) => {
      const { status, stdout, stderr } = await run(["sh", script, "audit", ...args], { env });
      assert.equal(status, 0, stderr);
      return stdout;
    };
    try {
      const all = await audit();
      assert.match(all, /^TIME +USER +WHAT +ON +RESULT +FROM\n/);
      assert.match(all, /Z +alice +push +team\/app:1 +done /);
      assert.match(all, /Z +alice +delete +team\/app@sha256:\w{12} +done /);
      const refused = await audit("--refused", "--json");
      const { entries }: { entries: { action: string; login: string }[] } = JSON.parse(refused);
      assert.deepEqual(
        entries.map(({ action, login }) => [action, login]),
        wrong.concat(typed).map(() => ["login", "refused"]),
      );
      assert.doesNotMatch(await audit("--by", "ci"), /alice/);
      assert.match(await audit("team/none", "--since", "2020-01-01"), /nothing of that kind/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("writes no secret into any log", async () => {
    const logs = await allLogs("watch");
    const { ci } = outputs.credentials as Record<string, string>;
    const basic = [user, ...wrong.map((each) => `alice:${each}`), `${typed}:x`].map((login) =>
      Buffer.from(login).toString("base64"),
    );
    for (const secret of [password, String(ci), typed, ...wrong, ...basic])
      assert.ok(!logs.includes(secret), secret);
  });
});
