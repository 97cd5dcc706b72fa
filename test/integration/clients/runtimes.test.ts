import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { A, B, client, PASSWORD } from "../../support/clientFolders";

const AUTH = Buffer.from(`alice:${PASSWORD}`).toString("base64");
const REGISTRIES = "etc/rancher/k3s/registries.yaml";

for (const shell of ["dash", "busybox"]) {
  describe(`the install script under ${shell}, by runtime`, {
    concurrency: 4,
  }, () => {
    test("takes what the machine has, and logs the Podman family in where it outlives a restart", async () => {
      const machine = client(shell, [], ["skopeo"]);
      machine.write(
        "etc/containerd/config.toml",
        "[plugins.x.registry]\n  config_path = '/etc/containerd/certs.d'\n",
      );
      const before = machine.files();
      assert.match((await machine.install(A)).stdout, /connected: podman containerd$/m);
      for (const folder of ["containers", "containerd"])
        assert.equal(machine.read(`etc/${folder}/certs.d/a.example.com:5443/ca.crt`), A.caCertificate);
      assert.ok(!existsSync(machine.path("etc/docker")));
      const { auths } = JSON.parse(machine.read("root/.config/containers/auth.json"));
      assert.deepEqual(auths, { "a.example.com:5443": { auth: AUTH } });
      assert.equal(machine.calls()[0]?.stdin, PASSWORD);
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("keeps to the runtimes that --for names, the next time too, and goes over to others", async () => {
      const machine = client(shell, [], ["docker", "skopeo"]);
      await machine.install(A, "--for", "podman,containerd");
      await machine.install(A);
      assert.ok(!existsSync(machine.path("etc/docker")));
      assert.ok(existsSync(machine.path("etc/containerd/certs.d/a.example.com:5443/hosts.toml")));
      await machine.install(A, "--for", "docker");
      assert.ok(existsSync(machine.path("etc/docker/certs.d/a.example.com:5443/ca.crt")));
      for (const gone of [
        "etc/containers/certs.d/a.example.com:5443/ca.crt",
        "etc/containerd/certs.d/a.example.com:5443/hosts.toml",
        "root/.config/containers/auth.json",
      ])
        assert.ok(!existsSync(machine.path(gone)), gone);
      assert.equal((await machine.run(A, "--for", "lxc")).status, 2);
      assert.equal((await machine.run(A, "--for")).status, 2);
    });

    test("composes registries.yaml of two registries for root alone, whichever leaves first", async () => {
      for (const [first, second] of [
        [A, B],
        [B, A],
      ] as const) {
        const machine = client(shell, [], []);
        const before = machine.files();
        const installed = await machine.install(A, "--for", "k3s");
        assert.match(installed.stdout, /systemctl restart k3s/);
        await machine.install(B, "--for", "k3s");
        const { mirrors, configs } = parse(machine.read(REGISTRIES));
        assert.deepEqual(Object.keys(mirrors), ["a.example.com:5443", "b.example.com"]);
        assert.deepEqual(configs["a.example.com:5443"].auth, { username: "alice", password: PASSWORD });
        assert.equal(statSync(machine.path(REGISTRIES)).mode & 0o777, 0o600);
        for (const settings of [A, B]) await machine.install(settings, "--check");
        await machine.remove(first);
        assert.deepEqual(Object.keys(parse(machine.read(REGISTRIES)).configs), second.addresses);
        await machine.install(second, "--check");
        await machine.remove(second);
        assert.deepEqual(machine.files(), before);
      }
    });

    test("leaves a registries.yaml of somebody else alone, and says what to merge without showing it", async () => {
      const machine = client(shell, [], []);
      machine.write(REGISTRIES, "mirrors:\n  docker.io: {}\n");
      const before = machine.files();
      const { status, stdout, stderr } = await machine.run(A, "--for", "k3s");
      assert.equal(status, 1);
      assert.match(stderr, /registries\.yaml is somebody else's: merge (\S+) into it by hand/);
      assert.ok(!(stdout + stderr).includes(PASSWORD));
      const part = machine.read("var/lib/private-registry-client/a.example.com_5443/k3s");
      assert.deepEqual(Object.keys(parse(part).mirrors), A.addresses);
      assert.equal(machine.read(REGISTRIES), "mirrors:\n  docker.io: {}\n");
      assert.match((await machine.run(A, "--check")).stderr, /not in \/etc\/rancher\/k3s\/registries\.yaml/);
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("sets BuildKit up together with Docker, whose login it uses", async () => {
      const machine = client(shell);
      machine.write("etc/buildkit/.keep", "");
      assert.match((await machine.install(A)).stdout, /connected: docker buildkit$/m);
      assert.match(
        machine.read("etc/buildkit/buildkitd.toml"),
        /^\[registry\."a\.example\.com:5443"\]\n {2}ca = \["\/etc\/buildkit\/certs\.d\/a\.example\.com:5443\/ca\.crt"\]$/m,
      );
    });

    test("--dry-run says what installing and removing would do, and does nothing", async () => {
      const machine = client(shell);
      const before = machine.files();
      const { stdout } = await machine.install(A, "--dry-run");
      assert.match(stdout, /would write \/etc\/docker.*would add to \/etc\/hosts.*would log in at/s);
      assert.deepEqual(machine.files(), before);
      await machine.install(A);
      const installed = machine.files();
      const removal = await machine.install(A, "--remove", "--dry-run");
      for (const path of ["/etc/hosts", "/root/.docker/config.json"])
        assert.ok(removal.stdout.includes(`would take our part out of ${path}\n`), removal.stdout);
      assert.deepEqual(machine.files(), installed);
    });

    test("--check tells a missing, an older and a foreign authority apart, and another login", async () => {
      const machine = client(shell);
      const ca = "etc/docker/certs.d/a.example.com:5443/ca.crt";
      const finding = async (settings: typeof A, expected: RegExp) => {
        const { status, stdout, stderr } = await machine.run(settings, "--check");
        assert.equal(status, 1, stdout);
        assert.match(stderr, expected);
        assert.ok(!(stdout + stderr).includes(PASSWORD));
      };
      await machine.install(A);
      await finding({ ...A, caCertificate: B.caCertificate }, /: CA of an older generation: \/etc\/docker/);
      await finding({ ...A, username: "bob" }, /wrong credentials: .* another login at .* than bob's/);
      await finding(
        { ...A, hostsEntry: "198.51.100.9 a.example.com" },
        /wrong hosts line: .* not '198\.51\.100\.9/,
      );
      machine.write(ca, "by hand\n");
      await finding(A, /: another CA: \/etc\/docker/);
      await machine.install(A);
      machine.write("root/.docker/config.json", "{}", 0o600);
      await finding(A, /not logged in: \/root\/\.docker\/config\.json/);
      await machine.install(A);
      machine.write("root/refuse", "");
      await finding(A, /docker login at a\.example\.com:5443: wrong credentials\./);
    });
  });
}
