import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegistryProxyArgs } from "../../../components";
import { externalFrontProblems } from "../../../components/fronts/external";
import { listenerProblems } from "../../../components/proxy/problems";

const trustedAddresses = ["192.0.2.7", "2001:db8::/64"];

test("an external front needs addresses to trust, and nothing else", () => {
  assert.deepEqual(externalFrontProblems({ trustedAddresses }), []);
  assert.deepEqual(externalFrontProblems({ trustedAddresses, publicPort: 8443, encrypted: false }), []);
});

test("what an external front has wrong is told by its name", () => {
  assert.deepEqual(externalFrontProblems({ trustedAddresses: ["registry.example.com"], publicPort: 0 }), [
    'external.trustedAddresses[0]: "registry.example.com" is neither a network nor an IP address; write one such as "192.0.2.0/24" or "2001:db8::/32"',
    "external.publicPort: 0 is not a port; write a whole number from 1 to 65535",
  ]);
  for (const everybody of ["0.0.0.0/0", "::/0"]) {
    assert.deepEqual(externalFrontProblems({ trustedAddresses: ["192.0.2.7", everybody] }), [
      `external.trustedAddresses[1]: "${everybody}" is everybody, who could then claim any address; write the addresses of the load balancer`,
    ]);
  }
});

const proxy = (listener: Partial<RegistryProxyArgs>) =>
  listenerProblems({ htpasswd: "", socketVolumeName: "", networkName: "", ...listener });

test("a proxy serves with a certificate and its key, or without both behind a front", () => {
  const certificate = { certificateChainPem: "chain", privateKeyPem: "key" };
  assert.deepEqual(proxy(certificate), []);
  assert.deepEqual(proxy({ ...certificate, trustedAddresses }), []);
  assert.deepEqual(proxy({ trustedAddresses }), []);
  assert.deepEqual(proxy({ privateKeyPem: "key", trustedAddresses }), [
    "certificateChainPem, privateKeyPem: one is given without the other; give both, or none",
  ]);
  assert.deepEqual(proxy({}), [
    "certificateChainPem: is missing, and plain HTTP is only for a load balancer; give it, or trustedAddresses",
  ]);
});

test("a proxy asks clients for a certificate only by TLS", () => {
  const clients = { clientCaCertificatesPem: "authority" };
  assert.deepEqual(proxy({ ...clients, certificateChainPem: "chain", privateKeyPem: "key" }), []);
  assert.deepEqual(proxy({ ...clients, trustedAddresses }), [
    "clientCaCertificatesPem: is for TLS, and there is no certificate; give certificateChainPem, or leave it out",
  ]);
});
