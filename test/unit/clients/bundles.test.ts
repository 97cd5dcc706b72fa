import assert from "node:assert/strict";
import { test } from "node:test";
import { registryAddress } from "../../../components/clients/address";
import {
  certificateFiles,
  singleCaFiles,
  type TlsSettings,
} from "../../../components/clients/kinds/certificates";
import { daemonJson, dockerConfigJson, hostsEntry } from "../../../components/clients/kinds/clientFiles";

const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

test("an address is host:port", () => {
  assert.equal(registryAddress("registry.example.com", 5443), "registry.example.com:5443");
  assert.equal(registryAddress("192.0.2.7", 5000), "192.0.2.7:5000");
});

test("port 443 is left out of an address", () => {
  assert.equal(registryAddress("registry.example.com", 443), "registry.example.com");
  assert.equal(registryAddress("192.0.2.7", 443), "192.0.2.7");
});

test("an IPv6 address stands in brackets, with and without a port", () => {
  assert.equal(registryAddress("2001:db8::7", 5443), "[2001:db8::7]:5443");
  assert.equal(registryAddress("2001:db8::7", 443), "[2001:db8::7]");
});

const SECOND = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n";
const CLIENT = { certificatePem: "CERTIFICATE\n\n", privateKeyPem: "KEY" };
const folder = (change: Partial<TlsSettings>) =>
  certificateFiles("/certs.d", { addresses: ["r"], caCertificate: CA, ...change });

test("each address has the authority in a folder of its name", () => {
  assert.deepEqual(folder({ addresses: ["registry.example.com", "192.0.2.7:5443"] }), {
    "/certs.d/registry.example.com/ca.crt": CA,
    "/certs.d/192.0.2.7:5443/ca.crt": CA,
  });
});

test("the authority's file ends in exactly one newline", () => {
  for (const caCertificate of [CA.trimEnd(), `${CA}\n\n`])
    assert.deepEqual(folder({ caCertificate }), { "/certs.d/r/ca.crt": CA });
});

test("several authorities are one file", () => {
  assert.deepEqual(folder({ caCertificate: CA + SECOND }), { "/certs.d/r/ca.crt": CA + SECOND });
});

test("several authorities are a file each where a store reads one of a file", () => {
  const settings = { addresses: ["r"], caCertificate: `# old\n${CA}# new\n${SECOND}` };
  assert.deepEqual(singleCaFiles("name", settings), { "name.crt": CA, "name.2.crt": SECOND });
});

test("a public authority needs no file, but a client's certificate does, under a name that is no authority's", () => {
  assert.deepEqual(folder({ caCertificate: "" }), {});
  assert.deepEqual(folder({ caCertificate: "", clientCertificate: CLIENT }), {
    "/certs.d/r/client.cert": "CERTIFICATE\n",
    "/certs.d/r/client.key": "KEY\n",
  });
});

test("plain HTTP knows no certificates at all", () => {
  assert.deepEqual(folder({ plainHttp: true, clientCertificate: CLIENT }), {});
});

test("the hosts entry names every name once and no IP address", () => {
  const names = ["registry.example.com", "192.0.2.7", "registry", "2001:db8::7", "registry"];
  assert.equal(hostsEntry("198.51.100.1", names), "198.51.100.1 registry.example.com registry");
});

test("there is no hosts entry without a name or without an address", () => {
  assert.equal(hostsEntry("198.51.100.1", ["192.0.2.7"]), "");
  assert.equal(hostsEntry("", ["registry.example.com"]), "");
});

test("daemon.json is an empty object with TLS, and names only plain HTTP addresses", () => {
  assert.equal(daemonJson([]), "{}");
  assert.deepEqual(JSON.parse(daemonJson(["r.example.com:5000", "192.0.2.7:5000"])), {
    "insecure-registries": ["r.example.com:5000", "192.0.2.7:5000"],
  });
});

test("config.json holds user:password in base64 under auths, the key that seed 003 misspells", () => {
  assert.equal(
    dockerConfigJson(["r.example.com:5443"], "test", "anan"),
    '{\n\t"auths": {\n\t\t"r.example.com:5443": {\n\t\t\t"auth": "dGVzdDphbmFu"\n\t\t}\n\t}\n}',
  );
});

test("config.json logs in at every address, and a password keeps its colons, quotes and letters beyond ASCII", () => {
  const password = "a:\"b'ü€";
  const { auths } = JSON.parse(dockerConfigJson(["a", "b:5000"], "alice", password));
  assert.deepEqual(Object.keys(auths), ["a", "b:5000"]);
  assert.equal(Buffer.from(auths["b:5000"].auth, "base64").toString("utf8"), `alice:${password}`);
});
