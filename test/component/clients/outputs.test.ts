import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import {
  type ConsumerSettings,
  clientsFor,
  consumerOutputs,
  imagesScriptOf,
  installScriptFor,
} from "../../../components/clients/consumerOutputs";
import type { ClientCertificate } from "../../../components/clients/kinds/client";
import { valueIn } from "../../support/mocks";

const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
let settings: ConsumerSettings;

before(async () => {
  await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
  settings = {
    hostnames: ["registry.example.com", "192.0.2.7", "2001:db8::7"],
    port: 5443,
    caCertificate: pulumi.output(ca),
    passwords: pulumi.output<{ [user: string]: string }>({ ci: "ci's password", alice: "another" }),
    clientUser: "ci",
    installScriptUsers: [],
    clientAddress: "192.0.2.7",
    ready: pulumi.output("a generation"),
  };
});

const outputs = (change: Partial<ConsumerSettings> = {}) => consumerOutputs({ ...settings, ...change });

test("the endpoint is the first address, without port 443", async () => {
  assert.equal(await valueIn(outputs().endpoint), "registry.example.com:5443");
  assert.equal(await valueIn(outputs({ port: 443 }).endpoint), "registry.example.com");
});

test("each address has the authority's certificate, none has one if it is public", async () => {
  assert.deepEqual(await valueIn(outputs().clientFiles), {
    "/etc/docker/certs.d/registry.example.com:5443/ca.crt": ca,
    "/etc/docker/certs.d/192.0.2.7:5443/ca.crt": ca,
    "/etc/docker/certs.d/[2001:db8::7]:5443/ca.crt": ca,
  });
  assert.deepEqual(await valueIn(outputs({ caCertificate: pulumi.output("") }).clientFiles), {});
});

test("config.json logs the client user in at each address, and nobody else", async () => {
  const { auths } = JSON.parse(await valueIn(outputs().dockerConfigJson));
  const addresses = ["registry.example.com:5443", "192.0.2.7:5443", "[2001:db8::7]:5443"];
  assert.deepEqual(Object.keys(auths), addresses);
  for (const address of addresses) {
    assert.equal(Buffer.from(auths[address].auth, "base64").toString(), "ci:ci's password");
  }
});

test("the hosts entry is there when an address is given", async () => {
  assert.equal(await valueIn(outputs().hostsEntry), "192.0.2.7 registry.example.com");
  assert.equal(await valueIn(outputs({ clientAddress: undefined }).hostsEntry), "");
});

test("daemon.json needs nothing with TLS, and names each address without a scheme over plain HTTP", async () => {
  assert.equal(await valueIn(outputs().daemonJson), "{}");
  const plain = outputs({ plainHttp: true });
  assert.deepEqual(JSON.parse(await valueIn(plain.daemonJson)), {
    "insecure-registries": ["registry.example.com:5443", "192.0.2.7:5443", "[2001:db8::7]:5443"],
  });
  assert.deepEqual(await valueIn(plain.clientFiles), {});
  assert.match(await valueIn(plain.installScript), /^DAEMON_JSON='\{\n {2}"insecure-registries"/m);
});

test("each user's clients present that user's certificate, and what holds its key is secret", async () => {
  const clientCertificates = pulumi.output<{ [user: string]: ClientCertificate }>({
    ci: { certificatePem: "CI", privateKeyPem: "CI-KEY" },
  });
  const mutual = { ...settings, clientCertificates };
  const { clientFiles } = consumerOutputs(mutual);
  const folder = "/etc/docker/certs.d/registry.example.com:5443";
  assert.equal((await valueIn(clientFiles))[`${folder}/client.key`], "CI-KEY\n");
  assert.equal(await pulumi.isSecret<unknown>(clientFiles), true);
  assert.match(await valueIn(installScriptFor(mutual, "ci")), /^CLIENT_KEY='CI-KEY'$/m);
  assert.match(await valueIn(installScriptFor(mutual, "alice")), /^CLIENT_KEY=''$/m);
  const { podman } = await valueIn(clientsFor(mutual, "alice"));
  assert.ok(!Object.keys(podman?.files ?? {}).some((path) => path.endsWith("client.key")));
});

test("the install script holds the client user's login and no other password", async () => {
  const script = await valueIn(outputs().installScript);
  assert.ok(script.includes("USERNAME='ci'\nPASSWORD='ci'\\''s password'\n"));
  assert.ok(script.includes("HOSTS_ENTRY='192.0.2.7 registry.example.com'\n"));
  assert.ok(!script.includes("another'"));
});

test("each user has an install script with a login of their own", async () => {
  const script = await valueIn(installScriptFor(settings, "alice"));
  assert.ok(script.includes("USERNAME='alice'\nPASSWORD='another'\n"));
  assert.ok(!script.includes("ci'\\''s password"));
  assert.equal(await valueIn(installScriptFor(settings, "ci")), await valueIn(outputs().installScript));
  assert.equal(await pulumi.isSecret(installScriptFor(settings, "alice")), true);
});

test("the files of every client carry the client user's login, or that of a user asked for", async () => {
  for (const [clients, login] of [
    [outputs().clients, "ci:ci's password"],
    [clientsFor(settings, "alice"), "alice:another"],
  ] as const) {
    const { podman } = await valueIn(clients);
    const { auths } = JSON.parse(podman?.fragments["~/.config/containers/auth.json"] ?? "");
    assert.equal(Buffer.from(auths["192.0.2.7:5443"].auth, "base64").toString(), login);
    assert.equal(await pulumi.isSecret<unknown>(clients), true);
  }
});

test("those who get a script of their own are in maps of user to script and of user to the files of every client", async () => {
  const { installScripts, clientsByUser } = outputs({ installScriptUsers: ["alice"] });
  assert.deepEqual(await valueIn(installScripts), {
    alice: await valueIn(installScriptFor(settings, "alice")),
  });
  assert.deepEqual(await valueIn(clientsByUser), { alice: await valueIn(clientsFor(settings, "alice")) });
  for (const map of [installScripts, clientsByUser, outputs().installScripts]) {
    assert.equal(await pulumi.isSecret<unknown>(map), true);
  }
  assert.deepEqual(await valueIn(outputs().installScripts), {});
});

test("what holds a password is secret even if the passwords were not", async () => {
  const { credentials, dockerConfigJson, installScript, endpoint, clientFiles } = outputs();
  for (const output of [credentials, dockerConfigJson, installScript]) {
    assert.equal(await pulumi.isSecret<unknown>(output), true);
  }
  for (const output of [endpoint, clientFiles]) {
    assert.equal(await pulumi.isSecret<unknown>(output), false);
  }
});

test("the images command is known once the registry answers, and is no secret", async () => {
  const script = imagesScriptOf(settings);
  assert.equal(await pulumi.isSecret(script), false);
  const text = await valueIn(script);
  for (const value of [
    "REGISTRY='registry.example.com:5443'",
    "RESOLVE='registry.example.com:5443:192.0.2.7'",
  ])
    assert.ok(text.includes(value), value);
  assert.ok(text.includes(ca.trimEnd()) && text.includes("CLIENT_CERTIFICATES='no'"));
  assert.doesNotMatch(text, /ci's password|another/);
  const clientCertificates = pulumi.output<{ [user: string]: ClientCertificate }>({});
  const asking = imagesScriptOf({ ...settings, clientCertificates });
  assert.ok((await valueIn(asking)).includes("CLIENT_CERTIFICATES='yes'"));
});
