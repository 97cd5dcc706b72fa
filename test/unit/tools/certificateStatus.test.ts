import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createServer } from "node:tls";
import {
  certificateLine,
  declaredCertificate,
  doors,
  presentedCertificate,
  renewerOf,
  unreadLine,
} from "../../../tools/certificateStatus";
import type { Inspected } from "../../../tools/containers";
import { selfSigned } from "../../support/certificates";

function container(role: string, hostIp?: string): Inspected {
  const ports = hostIp === undefined ? null : [{ HostIp: hostIp, HostPort: "5443" }];
  return {
    Id: role,
    Name: `/${role}`,
    RestartCount: 0,
    Config: { Labels: { "private-registry.role": role, "private-registry.instance": "main" } },
    State: { Status: "running", StartedAt: "2026-01-01T00:00:00Z" },
    NetworkSettings: { Networks: {}, Ports: { "8443/tcp": ports } },
  };
}

const certificate = selfSigned("registry.example.com");
const other = selfSigned("registry.example.com");
const [served, another] = [certificate, other].map(
  ({ certificatePem }) => new X509Certificate(certificatePem),
);
const day = 24 * 60 * 60 * 1000;

const doorAt = (hostIp: string, dockerHost?: string) =>
  doors([container("registry"), container("proxy", hostIp), container("acme", "0.0.0.0")], dockerHost);

test("a registry is looked for where its port is published, on the Docker host that is in use", () => {
  const door = { instance: "main", port: 5443 };
  const [here, elsewhere] = [
    { ...door, isHere: true },
    { ...door, isHere: false },
  ];
  assert.deepEqual(doorAt("0.0.0.0"), [{ ...here, host: "127.0.0.1" }]);
  assert.deepEqual(doorAt("::"), [{ ...here, host: "::1" }]);
  assert.deepEqual(doorAt("::1"), [{ ...here, host: "::1" }]);
  assert.deepEqual(doorAt("0.0.0.0", "unix:///run/docker.sock"), [{ ...here, host: "127.0.0.1" }]);
  assert.deepEqual(doorAt("0.0.0.0", "tcp://localhost:2375"), [{ ...here, host: "localhost" }]);
  assert.deepEqual(doorAt("192.0.2.7", "tcp://[::1]:2375"), [{ ...here, host: "192.0.2.7" }]);
  assert.deepEqual(doorAt("0.0.0.0", "ssh://root@docker.example.com"), [
    { ...elsewhere, host: "docker.example.com" },
  ]);
  assert.deepEqual(doorAt("::", "tcp://[2001:db8::1]:2376"), [{ ...elsewhere, host: "2001:db8::1" }]);
  assert.deepEqual(doorAt("192.0.2.7", "ssh://root@docker.example.com"), [
    { ...elsewhere, host: "192.0.2.7" },
  ]);
});

test("of the addresses of both families that of IPv4 is asked", () => {
  const both = container("proxy", "::");
  const ports = ["::", "0.0.0.0"].map((HostIp) => ({ HostIp, HostPort: "5443" }));
  const NetworkSettings = { Networks: {}, Ports: { "8443/tcp": ports } };
  assert.equal(doors([{ ...both, NetworkSettings }])[0]?.host, "127.0.0.1");
});

test("a port where nobody answers is a failure on this machine, and none on another", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const silent = new Error("no answer within 5 s");
  const alert = Object.assign(new Error("handshake failure"), {
    code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
  });
  const line = (error: Error, hostIp: string, dockerHost?: string) =>
    doorAt(hostIp, dockerHost).map((door) => unreadLine(door, error))[0];
  for (const error of [refused, silent])
    for (const [hostIp, place] of [
      ["127.0.0.1", "127.0.0.1:5443"],
      ["0.0.0.0", "127.0.0.1:5443"],
      ["::1", "[::1]:5443"],
    ] as const) {
      const text = `NOBODY ANSWERS as a registry at ${place} (${error.message})`;
      assert.deepEqual(line(error, hostIp), { text, well: false });
      assert.equal(line(error, hostIp, "ssh://docker.example.com")?.well, true);
    }
  assert.deepEqual(line(alert, "0.0.0.0"), {
    text: "cannot be read at 127.0.0.1:5443 (handshake failure)",
    well: true,
  });
});

test("the renewer of an instance is known by its labels", () => {
  const containers = [container("proxy"), container("acme")];
  assert.equal(renewerOf(containers, "main")?.Id, "acme");
  assert.equal(renewerOf(containers, "other"), undefined);
});

test("the declared certificate is read from the state, of a proxy or of a registry without one", () => {
  const state = (type: string, inputs: { [name: string]: unknown }) => ({
    resources: [
      { urn: "urn", type: `private-registry:index:${type}`, inputs: { instance: "main", ...inputs } },
    ],
    pendingOperations: [],
  });
  const chain = { certificateChainPem: certificate.certificatePem + other.certificatePem };
  for (const snapshot of [state("RegistryProxy", chain), state("RegistryServer", { direct: chain })]) {
    assert.equal(declaredCertificate(snapshot, "main")?.fingerprint256, served?.fingerprint256);
    assert.equal(declaredCertificate(snapshot, "other"), undefined);
  }
  const secret = state("RegistryProxy", { certificateChainPem: { ciphertext: "v1:..." } });
  assert.equal(declaredCertificate(secret, "main"), undefined);
  assert.equal(declaredCertificate(undefined, "main"), undefined);
});

test("a certificate is well that is not over and is the declared one", () => {
  assert.ok(served && another);
  const end = Date.parse(served.validTo);
  const at = (days: number) => new Date(end - days * day);
  const minute = `${new Date(end).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  assert.deepEqual(certificateLine(served, served, at(3)), {
    text: `ends ${minute}, 3 d 0 h left, as declared`,
    well: true,
  });
  assert.deepEqual(certificateLine(served, undefined, at(3)), {
    text: `ends ${minute}, 3 d 0 h left`,
    well: true,
  });
  assert.deepEqual(certificateLine(served, served, at(-2)), {
    text: `ends ${minute}, OVER for 2 d 0 h, as declared`,
    well: false,
  });
  const { text, well } = certificateLine(served, another, at(3));
  assert.match(text, /, 3 d 0 h left, and is NOT the declared one, which ends 20/);
  assert.equal(well, false);
});

test("the served certificate is read by a handshake, whoever issued it", async () => {
  const server = createServer({ cert: certificate.certificatePem, key: certificate.privateKeyPem });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const door = { host: "127.0.0.1", port };
  assert.equal((await presentedCertificate(door)).fingerprint256, served?.fingerprint256);
  server.close();
  await once(server, "close");
  await assert.rejects(presentedCertificate(door), /ECONNREFUSED/);
});
