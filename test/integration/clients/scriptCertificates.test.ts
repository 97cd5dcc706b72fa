import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { describe, test } from "node:test";
import type { ClientSettings } from "../../../components/clients/kinds/client";
import { installScript } from "../../../components/clients/script/installScript";
import { A, client } from "../../support/clientFolders";

const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
const [OLD, NEW, LATER] = ["OLD", "NEW", "LATER"].map((text) => ({ ...A, caCertificate: pem(text) }));
const BOTH = { ...A, caCertificate: pem("OLD") + pem("NEW") };
const KEY = "-----BEGIN PRIVATE KEY-----\nKEY\n-----END PRIVATE KEY-----\n";
const MUTUAL = { ...BOTH, clientCertificate: { certificatePem: pem("CLIENT"), privateKeyPem: KEY } };
const FOLDER = "etc/docker/certs.d/a.example.com:5443";
const ANCHORS = "etc/pki/trust/anchors";
const TRUST = `${ANCHORS}/private-registry-a.example.com_5443`;

type Machine = ReturnType<typeof client>;

async function finding(machine: Machine, settings: ClientSettings | undefined, expected: RegExp) {
  const { status, stdout, stderr } = await machine.run(settings ?? A, "--check");
  assert.equal(status, 1, stdout);
  assert.match(stderr, expected);
  assert.ok(!(stdout + stderr).includes("KEY"));
}

for (const shell of ["dash", "busybox"]) {
  describe(`the install script under ${shell}, by certificate`, {
    concurrency: 4,
  }, () => {
    test("follows an authority over to the next one, and --check names where the machine stands", async () => {
      const machine = client(shell);
      await machine.install(OLD ?? A);
      await finding(machine, BOTH, /: CA of an older generation: \/etc\/docker/);
      await machine.install(BOTH);
      assert.equal(machine.read(`${FOLDER}/ca.crt`), BOTH.caCertificate);
      await machine.install(BOTH, "--check");
      await finding(machine, NEW, /: CA no longer used: \/etc\/docker.* trusts more than/);
      await finding(machine, LATER, /: CA of an older generation: \/etc\/docker/);
      await machine.install(NEW ?? A);
      assert.equal(machine.read(`${FOLDER}/ca.crt`), pem("NEW"));
    });

    test("gives the system's store one authority of a bundle per file, and takes each back", async () => {
      const machine = client(shell);
      machine.write(`${ANCHORS}/.keep`, "");
      machine.write("bin/update-ca-certificates", "#!/bin/sh\n", 0o755);
      const before = machine.files();
      await machine.install(BOTH, "--os-trust");
      assert.equal(machine.read(`${TRUST}.crt`), pem("OLD"));
      assert.equal(machine.read(`${TRUST}.2.crt`), pem("NEW"));
      await machine.install(BOTH, "--check");
      assert.match((await machine.install(NEW ?? A)).stdout, /trust store is up to date/);
      assert.equal(machine.read(`${TRUST}.crt`), pem("NEW"));
      assert.ok(!existsSync(machine.path(`${TRUST}.2.crt`)));
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("installs a client's certificate, its key for root alone, and removes both", async () => {
      const machine = client(shell, [], ["docker", "skopeo"]);
      const before = machine.files();
      const { stdout, stderr } = await machine.install(MUTUAL);
      assert.ok(!(stdout + stderr).includes("KEY"));
      for (const folder of [FOLDER, FOLDER.replace("docker", "containers")]) {
        assert.equal(machine.read(`${folder}/client.cert`), pem("CLIENT"));
        assert.equal(machine.read(`${folder}/client.key`), KEY);
        assert.equal(statSync(machine.path(`${folder}/client.key`)).mode & 0o777, 0o600);
      }
      await machine.install(MUTUAL, "--check");
      await machine.install(BOTH);
      assert.ok(!existsSync(machine.path(`${FOLDER}/client.key`)));
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("closes a key that others could read before, and gives it back as it was", async () => {
      const machine = client(shell);
      machine.write(`${FOLDER}/client.key`, "by hand\n", 0o644);
      const before = machine.files();
      await machine.install(MUTUAL);
      assert.equal(statSync(machine.path(`${FOLDER}/client.key`)).mode & 0o777, 0o600);
      await machine.remove(A);
      assert.deepEqual(machine.files(), before);
    });

    test("--check tells a missing and an outdated certificate or key of the client apart", async () => {
      const machine = client(shell);
      await machine.install(BOTH);
      await finding(
        machine,
        MUTUAL,
        /missing client certificate: .*\/client\.cert\n.*missing client key: .*\/client\.key\n/,
      );
      await machine.install(MUTUAL);
      const renewed = { certificatePem: pem("RENEWED"), privateKeyPem: KEY.replace("KEY\n", "OTHER\n") };
      await finding(
        machine,
        { ...MUTUAL, clientCertificate: renewed },
        /outdated client certificate: .*\/client\.cert\n.*outdated client key: .*\/client\.key\n/,
      );
    });
  });
}

test("ShellCheck finds nothing with a bundle, a client's certificate, or neither", () => {
  for (const settings of [MUTUAL, { ...MUTUAL, caCertificate: "" }, { ...MUTUAL, plainHttp: true }]) {
    const input = installScript(settings);
    assert.equal(spawnSync("shellcheck", ["--shell=sh", "-"], { input, encoding: "utf8" }).stdout, "");
  }
});
