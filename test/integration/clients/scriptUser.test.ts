import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { describe, test } from "node:test";
import { A, B, client, PASSWORD } from "../../support/clientFolders";

const USER = { isRoot: false };
const FOLDERS = ["docker", "containers"].map((runtime) => `home/user/.config/${runtime}`);
const KEY = "-----BEGIN PRIVATE KEY-----\nKEY\n-----END PRIVATE KEY-----\n";
const MUTUAL = { ...A, clientCertificate: { certificatePem: "CERTIFICATE\n", privateKeyPem: KEY } };

/** A machine of a user with a rootless Docker daemon, and Podman. */
function userMachine(shell: string) {
  const machine = client(shell, ["python3"], ["docker", "podman"], USER);
  machine.write("home/user/info", "[name=seccomp,profile=default name=rootless]\n");
  return machine;
}

for (const shell of ["dash", "busybox"]) {
  describe(`the install script under ${shell}, run by a user`, {
    concurrency: 4,
  }, () => {
    test("sets up that user's Docker and Podman, and gives everything back byte for byte", async () => {
      const machine = userMachine(shell);
      machine.write("etc/hosts", `${A.hostsEntry}\n`);
      const before = machine.files();
      assert.match((await machine.install(MUTUAL)).stdout, /connected: docker podman$/m);
      for (const folder of FOLDERS) {
        const certificates = `${folder}/certs.d/a.example.com:5443`;
        assert.equal(machine.read(`${certificates}/ca.crt`), A.caCertificate);
        assert.equal(machine.read(`${certificates}/client.key`), KEY);
        assert.equal(statSync(machine.path(`${certificates}/client.key`)).mode & 0o777, 0o600);
      }
      const dropIn = "registries.conf.d/private-registry-a.example.com_5443.conf";
      assert.match(machine.read(`${FOLDERS[1]}/${dropIn}`), /location = "a\.example\.com:5443"/);
      for (const file of [".docker/config.json", ".config/containers/auth.json"])
        assert.ok(JSON.parse(machine.read(`home/user/${file}`)).auths["a.example.com:5443"], file);
      assert.equal(machine.calls()[0]?.stdin, PASSWORD);
      await machine.install(MUTUAL, "--check");
      const installed = machine.files();
      await machine.install(MUTUAL);
      assert.deepEqual(machine.files(), installed);
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("keeps one registry when the other is removed", async () => {
      const machine = userMachine(shell);
      const before = machine.files();
      await machine.install(A);
      await machine.install(B);
      await machine.remove(A);
      await machine.install(B, "--check");
      await machine.remove(B);
      assert.deepEqual(machine.files(), before);
    });

    test("tells what only root can add to /etc/hosts, and sets up the rest", async () => {
      const machine = userMachine(shell);
      const hosts = machine.read("etc/hosts");
      const { stderr } = await machine.install(A);
      assert.match(stderr, /only root can add this to \/etc\/hosts.*: 198\.51\.100\.1 a\.example\.com$/m);
      assert.equal(machine.read("etc/hosts"), hosts);
    });

    test("leaves a login of root's Docker out until root has set it up, and does the rest", async () => {
      const machine = userMachine(shell);
      machine.write("home/user/info", "[name=seccomp,profile=default]\n");
      const first = await machine.run(A);
      assert.equal(first.status, 1);
      assert.match(
        first.stderr,
        /not logged in: the Docker daemon here is root's.*: root must run this script/,
      );
      assert.ok(
        JSON.parse(machine.read("home/user/.config/containers/auth.json")).auths["a.example.com:5443"],
      );
      assert.match((await machine.run(A, "--check")).stderr, /the Docker daemon here is root's/);
      machine.write("etc/docker/certs.d/a.example.com:5443/ca.crt", A.caCertificate);
      await machine.install(A);
      await machine.install(A, "--check");
    });

    test("merges the user's own daemon.json over plain HTTP, and gives it back", async () => {
      const machine = userMachine(shell);
      machine.own("home/user/.config/docker/daemon.json", '{"debug":    true}');
      const before = machine.files();
      await machine.install({ ...A, plainHttp: true });
      assert.deepEqual(JSON.parse(machine.read("home/user/.config/docker/daemon.json")), {
        debug: true,
        "insecure-registries": A.addresses,
      });
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("says that --os-trust and the machine's runtimes need root, and changes nothing", async () => {
      const machine = userMachine(shell);
      const before = machine.files();
      for (const options of [["--os-trust"], ["--for", "containerd"], ["--for", "podman,k3s"]]) {
        const { status, stderr } = await machine.run(A, ...options);
        assert.equal(status, 1);
        assert.match(stderr, /belongs to root: run this script as root/);
      }
      assert.deepEqual(machine.files(), before);
    });
  });
}
