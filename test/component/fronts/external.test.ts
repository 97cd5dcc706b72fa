import assert from "node:assert/strict";
import { test } from "node:test";
import { Front, PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { selfSigned } from "../../support/certificates";
import { filesOf } from "../../support/containers";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const hostnames = ["registry.example.com"];
const trustedAddresses = ["192.0.2.7"];
const authority = selfSigned("load balancer").certificatePem;

const registry = (args: Partial<PrivateRegistryArgs>) =>
  declare(() => new PrivateRegistry("main", { hostnames, front: Front.External, port: 5443, ...args }));

test("behind an external front, clients are told its port and its authority, and it is told ours", async () => {
  const { result } = await registry({
    bindAddress: "198.51.100.1",
    external: { trustedAddresses, publicPort: 8443, caCertificatePem: authority },
  });
  assert.equal(await valueIn(result.endpoint), "registry.example.com:8443");
  assert.equal(await valueIn(result.caCertificate), authority);
  const snippets = await valueIn(result.frontSnippets);
  assert.deepEqual(Object.keys(snippets), ["safeline", "nginx", "haproxy", "upstreamCaCertificate"]);
  assert.equal(snippets.upstreamCaCertificate?.trim(), "certificate of main-ca-certificate");
  assert.match(snippets.haproxy ?? "", /bind :8443 [\s\S]*server registry 198\.51\.100\.1:5443 ssl /);
});

test("port 443 of a public authority is the default for clients", async () => {
  const { get, result } = await registry({ external: { trustedAddresses } });
  assert.equal(await valueIn(result.endpoint), "registry.example.com");
  assert.equal(await valueIn(result.caCertificate), "");
  assert.match((await valueIn(result.frontSnippets)).nginx ?? "", /server REGISTRY_HOST:5443;/);
  const files = filesOf(get("main-proxy-files"));
  const config = Object.entries(files).find(([path]) => path.endsWith("nginx.conf"))?.[1] ?? "";
  assert.match(config, /set_real_ip_from 192\.0\.2\.7;/);
});

test("between nginx and an external front the container stays as it is", async () => {
  const container = async (args: Partial<PrivateRegistryArgs>) =>
    (await registry(args)).get("main-proxy-container").inputs;
  assert.deepEqual(
    await container({ external: { trustedAddresses } }),
    await container({ front: Front.Nginx }),
  );
});

test("without encryption there is no certificate at all", async () => {
  const { get, resources, result } = await registry({ external: { trustedAddresses, encrypted: false } });
  assert.deepEqual(
    resources.filter(({ type }) => type.startsWith("tls:")),
    [],
  );
  assert.deepEqual(get("main-proxy-container").inputs.ports, [
    { internal: 8080, external: 5443, ip: "0.0.0.0" },
  ]);
  assert.equal(await valueIn(result.certificateExpiresAt), "");
  assert.deepEqual(Object.keys(await valueIn(result.frontSnippets)), ["safeline", "nginx", "haproxy"]);
});

test("other fronts have no snippets", async () => {
  const { result } = await registry({ front: Front.Nginx });
  assert.deepEqual(await valueIn(result.frontSnippets), {});
});

test("what does not go with an external front is refused, each in one message", async () => {
  const problems = async (args: Partial<PrivateRegistryArgs>) => {
    const { message } = await declareFailing(() => new PrivateRegistry("main", { hostnames, ...args }));
    return message.split("\n  - ").slice(1);
  };
  assert.deepEqual(await problems({ front: Front.External }), [
    'external: is missing; front "external" needs the addresses of your load balancer: trustedAddresses: ["192.0.2.7"]',
  ]);
  assert.deepEqual(await problems({ external: { trustedAddresses } }), [
    'external: is for the front "external", and front is "nginx"; leave it out, or write "external" in front',
  ]);
  const plain = { front: Front.External, external: { trustedAddresses, encrypted: false } };
  assert.deepEqual(await problems({ ...plain, caGeneration: 2 }), [
    "caGeneration: is for TLS, and external.encrypted is false; leave it out, or take out external.encrypted",
  ]);
  const external = { front: Front.External, external: { trustedAddresses } };
  assert.deepEqual(await problems({ ...external, requireClientCertificates: true }), [
    'requireClientCertificates: is for a front that clients reach by TLS themselves, and front is "external"; leave it out',
  ]);
  assert.deepEqual(
    await problems({ front: Front.External, external: { trustedAddresses, caCertificatePem: "none" } }),
    [
      'external.caCertificatePem: holds no certificate in PEM form; write the text from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----"',
    ],
  );
});
