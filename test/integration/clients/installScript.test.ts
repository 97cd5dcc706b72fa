import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, copyFileSync, existsSync, rmSync, utimesSync } from "node:fs";
import { describe, test } from "node:test";
import { daemonJson } from "../../../components/clients/kinds/clientFiles";
import { installScript } from "../../../components/clients/script/installScript";
import { A, B, client, PASSWORD, pathOf } from "../../support/clientFolders";

const TWO_NAMES = { ...A, addresses: ["a.example.com:5443", "198.51.100.1:5443"] };
const PLAIN = { ...A, plainHttp: true };
const PLAIN_DAEMON = daemonJson(A.addresses);

for (const shell of ["dash", "busybox"]) {
  describe(`the install script under ${shell}`, { concurrency: 4 }, () => {
    test("installs trust, name and credentials", async () => {
      const machine = client(shell);
      const before = machine.read("etc/hosts");
      await machine.install(TWO_NAMES);
      for (const address of TWO_NAMES.addresses)
        assert.equal(machine.read(`etc/docker/certs.d/${address}/ca.crt`), A.caCertificate);
      const line = "198.51.100.1 a.example.com # private-registry-client a.example.com:5443\n";
      assert.equal(machine.read("etc/hosts"), `${before}\n${line}`);
      const { auths } = JSON.parse(machine.read("root/.docker/config.json"));
      assert.deepEqual(Object.keys(auths).sort(), [...TWO_NAMES.addresses].sort());
      assert.ok(!existsSync(machine.path("etc/docker/daemon.json")));
    });

    test("hands over a password of hostile characters unchanged, by stdin, and never prints it", async () => {
      const machine = client(shell);
      const { stdout, stderr } = await machine.install(A);
      assert.deepEqual(machine.calls()[0], {
        argv: ["login", "--username", "alice", "--password-stdin", "a.example.com:5443"],
        stdin: PASSWORD,
      });
      assert.ok(!(stdout + stderr).includes(PASSWORD));
    });

    test("changes nothing the second time, not even the time of a file", async () => {
      const machine = client(shell);
      await machine.install(A);
      // A moment in the past, in whole seconds: BusyBox knows no others.
      for (const file of ["etc/hosts", "root/.docker/config.json"]) utimesSync(machine.path(file), 1e9, 1e9);
      const first = machine.files(true);
      assert.match((await machine.install(A)).stdout, /trusted already/);
      assert.deepEqual(machine.files(true), first);
    });

    test("gives the machine back byte for byte, whether its files were there or not", async () => {
      const empty = client(shell);
      const full = client(shell, ["python3"]);
      full.write("etc/docker/daemon.json", '{"debug":    true}');
      full.write("etc/docker/certs.d/a.example.com:5443/ca.crt", "installed by hand\n", 0o600);
      full.write("root/.docker/config.json", '{"auths": {"hub": {"auth": "eDp5"}}, "x":1}', 0o640);
      for (const machine of [empty, full]) {
        const before = machine.files();
        await machine.install(TWO_NAMES);
        await machine.install({ ...A, hostsEntry: "", password: "new" });
        await machine.remove(A);
        assert.deepEqual(machine.files(), before);
        assert.match((await machine.remove(A)).stdout, /nothing is installed/);
      }
    });

    test("gives the machine back after two registries, whichever leaves first", async () => {
      for (const leaving of [
        [A, B],
        [B, A],
      ]) {
        const machine = client(shell);
        machine.write("root/.docker/config.json", '{"auths": {"hub": {"auth": "eDp5"}}}');
        const before = machine.files();
        await machine.install(A);
        await machine.install(B);
        for (const [index, settings] of leaving.entries()) {
          await machine.remove(settings);
          if (index === 1) break;
          const { auths } = JSON.parse(machine.read("root/.docker/config.json"));
          const staying = settings === A ? B : A;
          assert.deepEqual(Object.keys(auths).sort(), [...staying.addresses, "hub"].sort());
          assert.ok(machine.read("etc/hosts").includes(`\n${staying.hostsEntry} #`));
          assert.ok(!machine.read("etc/hosts").includes(`\n${settings.hostsEntry} #`));
        }
        assert.deepEqual(machine.files(), before);
      }
    });

    test("takes out only its own entries from files that others changed since", async () => {
      const machine = client(shell);
      await machine.install(A);
      appendFileSync(machine.path("etc/hosts"), "192.0.2.9 later\n");
      const config = JSON.parse(machine.read("root/.docker/config.json"));
      config.auths.later = { auth: "eDp5" };
      machine.write("root/.docker/config.json", JSON.stringify(config), 0o600);
      machine.write("etc/docker/certs.d/a.example.com:5443/ca.crt", "replaced by hand\n");
      await machine.install({ ...A, caCertificate: "" }); // Another change of ours does not make theirs forgotten.
      const removal = await machine.remove(A);
      assert.ok(machine.read("etc/hosts").endsWith("at the end\n192.0.2.9 later\n"));
      assert.deepEqual(JSON.parse(machine.read("root/.docker/config.json")), {
        auths: { later: { auth: "eDp5" } },
      });
      assert.equal(machine.read("etc/docker/certs.d/a.example.com:5443/ca.crt"), "replaced by hand\n");
      assert.ok(!existsSync(machine.path("var/lib/private-registry-client")), removal.stderr);
    });

    test("follows the registry: a new authority, a new address of a name, a name less", async () => {
      const machine = client(shell);
      await machine.install(TWO_NAMES);
      const hostsEntry = "198.51.100.9 a.example.com";
      await machine.install({ ...A, caCertificate: "NEW", hostsEntry });
      assert.equal(machine.read("etc/docker/certs.d/a.example.com:5443/ca.crt"), "NEW\n");
      assert.ok(!existsSync(machine.path("etc/docker/certs.d/198.51.100.1:5443/ca.crt")));
      assert.deepEqual(machine.read("etc/hosts").match(/^.*a\.example\.com:5443$/gm), [
        `${hostsEntry} # private-registry-client a.example.com:5443`,
      ]);
      assert.equal(machine.calls().at(-2)?.argv[0], "logout");
    });

    test("warns of a line of somebody else that gives the name another address", async () => {
      const machine = client(shell);
      machine.write("etc/hosts", "192.0.2.5 x a.example.com # by hand\n");
      assert.match(
        (await machine.install(A)).stderr,
        /a\.example\.com is 192\.0\.2\.5 there, but 198\.51\.100\.1/,
      );
    });

    test("says what is installed when the login is refused, continues when run again, and can be undone", async () => {
      const machine = client(shell);
      const before = machine.files();
      machine.write("root/refuse", "");
      const refused = await machine.run(A);
      assert.equal(refused.status, 1);
      assert.match(refused.stdout, /trusted: .*added to \/etc\/hosts/s);
      assert.match(refused.stderr, /get this script anew.*401.*again to continue, or with --remove/s);
      assert.ok(!(refused.stdout + refused.stderr).includes(PASSWORD));
      rmSync(machine.path("root/refuse"));
      await machine.install(A);
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    for (const tool of ["python3", "jq"]) {
      test(`merges daemon.json with ${tool} and gives it back`, async () => {
        const machine = client(shell, [tool]);
        machine.write(
          "etc/docker/daemon.json",
          '{"debug":    true, "insecure-registries": ["old:5000"]}',
          0o600,
        );
        const before = machine.files();
        await machine.install(PLAIN);
        const merged = JSON.parse(machine.read("etc/docker/daemon.json"));
        assert.deepEqual(merged, { debug: true, "insecure-registries": ["old:5000", ...A.addresses] });
        await machine.remove(PLAIN);
        assert.deepEqual(machine.files(), before);
        await machine.install(PLAIN);
        machine.write("etc/docker/daemon.json", JSON.stringify({ ...merged, debug: false }));
        await machine.remove(PLAIN);
        const left = JSON.parse(machine.read("etc/docker/daemon.json"));
        assert.deepEqual(left, { debug: false, "insecure-registries": ["old:5000"] });
      });
    }

    test("tells a running dockerd to read daemon.json again", async () => {
      const machine = client(shell);
      copyFileSync(pathOf("sleep"), machine.path("bin/dockerd"));
      chmodSync(machine.path("bin/dockerd"), 0o755);
      const dockerd = spawn(machine.path("bin/dockerd"), ["60"]);
      const signal = new Promise((resolve) => dockerd.on("exit", (_, name) => resolve(name)));
      machine.write("run/docker.pid", `${dockerd.pid}`);
      assert.match((await machine.install(PLAIN)).stdout, /again \(SIGHUP\)/);
      assert.equal(await signal, "SIGHUP");
    });

    test("takes the registry out of insecure-registries when it goes over to TLS", async () => {
      const machine = client(shell);
      await machine.install(PLAIN);
      assert.equal(machine.read("etc/docker/daemon.json"), `${PLAIN_DAEMON}\n`);
      await machine.install(A);
      assert.ok(!existsSync(machine.path("etc/docker/daemon.json")));
    });

    test("stops with the lines to add where nothing can merge daemon.json, and goes on once they are there", async () => {
      const machine = client(shell);
      machine.write("etc/docker/daemon.json", '{"debug": true}');
      const stopped = await machine.run(PLAIN);
      assert.equal(stopped.status, 1);
      assert.ok(stopped.stderr.includes(PLAIN_DAEMON), stopped.stderr);
      assert.equal(machine.read("etc/docker/daemon.json"), '{"debug": true}');
      machine.write("etc/docker/daemon.json", JSON.stringify({ debug: true, ...JSON.parse(PLAIN_DAEMON) }));
      await machine.install(PLAIN);
    });

    test("gives the machine back even when Docker has been uninstalled, and asks for Docker to install", async () => {
      const machine = client(shell);
      const before = machine.files();
      await machine.install(A);
      rmSync(machine.path("bin/docker"));
      assert.match((await machine.run(A)).stderr, /install Docker Engine first/);
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("explains itself on --help and refuses unknown options", async () => {
      const machine = client(shell);
      assert.match((await machine.run(A, "--help")).stdout, /^Usage: /);
      const unknown = await machine.run(A, "--purge");
      assert.equal(unknown.status, 2);
      assert.match(unknown.stderr, /^Usage: /);
      assert.ok(!existsSync(machine.path("var/lib/private-registry-client")));
    });
  });
}

test("ShellCheck finds nothing", () => {
  for (const settings of [TWO_NAMES, PLAIN, { ...A, caCertificate: "", hostsEntry: "" }]) {
    const input = installScript(settings);
    assert.equal(
      spawnSync("shellcheck", ["--norc", "--shell=sh", "-"], { input, encoding: "utf8" }).stdout,
      "",
    );
  }
});
