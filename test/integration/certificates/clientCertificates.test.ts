import assert from "node:assert/strict";
import { request } from "node:https";
import { after, before, describe, it } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { selfSigned, type TestCertificate } from "../../support/certificates";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";

const port = 18570;
const CERTIFICATE_REQUIRED = /certificate required/;

/** Shell commands; `$1` is the reference. */
const pulls = {
  docker: 'docker pull "$1" && docker rmi "$1"',
  skopeo: 'rm -rf /tmp/pulled && skopeo copy "docker://$1" dir:/tmp/pulled',
};

describe("a registry that requires client certificates", () => {
  let machine: ConsumerMachine;
  let stack: InfraStack;
  let config: { readonly [key: string]: unknown };
  let outputs: Record<string, unknown>;
  let image: string;

  before(async () => {
    machine = await createConsumerMachine("client-certificates");
    config = {
      hostnames: [machine.hostAddress],
      port,
      bindAddress: machine.hostAddress,
      users: [{ name: "ci" }, { name: "alice" }],
      requireClientCertificates: true,
    };
    image = `${machine.hostAddress}:${port}/team/app:1`;
    stack = await infraStack("client-certificates", config);
    outputs = await stack.up();
    await must("echo hello >/tmp/hello && tar -C /tmp -cf - hello | docker import - localhost/tiny:1");
  });

  after(async () => {
    await machine?.destroy();
    await stack?.remove();
  });

  const sh = (text: string, ...args: string[]) => machine.exec(["sh", "-euc", text, "sh", ...args]);

  async function must(text: string, ...args: string[]): Promise<void> {
    const result = await sh(text, ...args);
    assert.equal(result.status, 0, `${text}: ${result.stdout}${result.stderr}`);
  }

  async function install(): Promise<void> {
    const script = ["sh", "-s", "--", "--for", "docker,podman"];
    const result = await machine.exec(script, { input: String(outputs.installScript) });
    assert.equal(result.status, 0, result.stdout + result.stderr);
  }

  /** The certificate of a user, as the client's files have it. */
  function presented(): TestCertificate {
    const files = outputs.clientFiles as { [path: string]: string };
    const of = (name: string) =>
      Object.entries(files).find(([path]) => path.endsWith(`/${name}`))?.[1] ?? assert.fail(name);
    return { certificatePem: of("client.cert"), privateKeyPem: of("client.key") };
  }

  const login = () => `ci:${(outputs.credentials as { [user: string]: string }).ci}`;

  /** Asks for `/v2/` with a certificate, and with a login if there is one. */
  const ask = ({ certificatePem: cert, privateKeyPem: key }: TestCertificate, auth?: string) =>
    new Promise<{ status?: number; body: string }>((resolve, reject) => {
      const target = { host: machine.hostAddress, port, path: "/v2/", ca: String(outputs.caCertificate) };
      const outgoing = request({ ...target, cert, key, auth, agent: false }, (response) => {
        let body = "";
        response.on("data", (chunk) => {
          body += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode, body }));
      });
      outgoing.on("error", reject);
      outgoing.end();
    });

  /** What openssl says of a request without a certificate, which must not be answered. */
  async function refusal(version: string): Promise<string> {
    const client = ["openssl", "s_client", "-connect", `${machine.hostAddress}:${port}`, version];
    const input = `GET /v2/ HTTP/1.1\r\nHost: ${machine.hostAddress}\r\n\r\n`;
    // Quiet, it does not end with its input, but with the connection.
    const { status, stdout, stderr } = await run(["timeout", "10", ...client, "-quiet"], { input });
    assert.equal(stdout, "", "nothing was answered");
    assert.notEqual(status, 0);
    return stderr;
  }

  it("ends the handshake of a client without a certificate by an alert, with TLS 1.2 and 1.3", async () => {
    assert.match(await refusal("-tls1_3"), /tlsv13 alert certificate required/);
    assert.match(await refusal("-tls1_2"), /alert handshake failure/);
  });

  it("lets docker and skopeo in by the client's files, and not without the certificate in them", async () => {
    const files = "/etc/docker/certs.d /etc/containers/certs.d";
    await install();
    await must('docker tag localhost/tiny:1 "$1" && docker push "$1" && docker rmi "$1"', image);
    for (const pull of Object.values(pulls)) await must(pull, image);

    await must(
      `for file in $(find ${files} -name client.cert -o -name client.key); do mv "$file" "$file.off"; done`,
    );
    for (const [client, pull] of Object.entries(pulls)) {
      // With TLS 1.3 a client writes before it has read the alert: on a busy machine it may see the closed connection.
      await until(`${client} says what it lacks`, async () => {
        const refused = await sh(pull, image);
        assert.notEqual(refused.status, 0, client);
        return CERTIFICATE_REQUIRED.test(refused.stdout + refused.stderr);
      });
    }
    await must(`for file in $(find ${files} -name '*.off'); do mv "$file" "\${file%.off}"; done`);
    for (const pull of Object.values(pulls)) await must(pull, image);
  });

  it("still asks for a login", async () => {
    assert.equal((await ask(presented())).status, 401);
    assert.equal((await ask(presented(), "ci:wrong")).status, 401);
    assert.equal((await ask(presented(), login())).status, 200);
  });

  it("refuses a certificate of another authority, even of the same name and with a login", async () => {
    const { status, body } = await ask(selfSigned("ci"), login());
    assert.equal(status, 403);
    assert.deepEqual(JSON.parse(body).errors[0].code, "DENIED");
    assert.match(body, /run the install script again/);
  });

  it("shows no key of a client in the state, and needs no second up", async () => {
    const state = await output(["pulumi", "stack", "export", "--stack", "client-certificates"], stack.cli);
    assert.match(state, /main-clients-key-ci/);
    const keyText = presented().privateKeyPem.split("\n")[1] ?? assert.fail("no key");
    assert.ok(!state.includes(keyText));
    await stack.expectNoChanges();
  });

  it("lets old and new certificates in while two authorities overlap, and the new ones alone after", async () => {
    const old = presented();
    stack.configure({ ...config, caGeneration: 2 });
    outputs = await stack.up();
    const renewed = presented();
    assert.notEqual(renewed.certificatePem, old.certificatePem);
    for (const certificate of [old, renewed]) assert.equal((await ask(certificate, login())).status, 200);
    await install();
    for (const pull of Object.values(pulls)) await must(pull, image);

    stack.configure({ ...config, caGeneration: 2, caRetiredGeneration: 1 });
    outputs = await stack.up();
    assert.equal((await ask(old, login())).status, 403);
    assert.equal((await ask(renewed, login())).status, 200);
    for (const pull of Object.values(pulls)) await must(pull, image);
  });

  for (const front of ["waf", "direct"])
    it(`does all of it with the front ${front} too`, async () => {
      stack.configure({ ...config, caGeneration: 2, caRetiredGeneration: 1, front });
      outputs = await stack.up();
      assert.match(await refusal("-tls1_3"), /tlsv13 alert certificate required/);
      assert.match(await refusal("-tls1_2"), /alert/);
      const stranger = ask(selfSigned("ci"), login());
      if (front === "direct") await assert.rejects(stranger, /alert/);
      else assert.equal((await stranger).status, 403);
      assert.equal((await ask(presented())).status, 401);
      assert.equal((await ask(presented(), login())).status, 200);
      for (const pull of Object.values(pulls)) await must(pull, image);
    });
});
