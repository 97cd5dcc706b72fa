import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AcmeCertificate,
  CertificateSource,
  PrivateRegistry,
  type PrivateRegistryArgs,
} from "../../../components";
import { asHelper, asServer, filesOf, hardeningOf, labelsOf } from "../../support/containers";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const hostnames = ["registry.example.com"];
const acme = { email: "admin@example.com" };

const registry = (args: Partial<PrivateRegistryArgs> = {}) =>
  declare(
    () =>
      new PrivateRegistry("main", { hostnames, certificateSource: CertificateSource.Acme, acme, ...args }),
  );

test("an ACME server takes the place of the generated authority: a renewer, its network, its volumes and two one-shots", async () => {
  const { resources, result } = await registry();
  const children = (parent: string) =>
    resources.filter((resource) => resource.parent === parent).map(({ name }) => name);
  assert.deepEqual(children("main-acme").sort(), [
    "main-acme-account",
    "main-acme-certificates",
    "main-acme-issue",
    "main-acme-network",
    "main-acme-prepare",
    "main-acme-renewer",
  ]);
  assert.deepEqual(children("main-ca").concat(children("main-certificate")), []);
  assert.deepEqual(
    [
      await valueIn(result.caCertificate),
      await valueIn(result.certificateExpiresAt),
      await valueIn(result.certificateDaysLeft),
    ],
    ["", "", undefined],
  );
});

test("the renewer runs without rights, answers challenges on the port given, and knows names and server", async () => {
  const { get } = await registry({
    extraSans: ["images.example.com"],
    bindAddress: "192.0.2.7",
    acme: { ...acme, challengePort: 8080, renewalDays: 20 },
  });
  const renewer = get("main-acme-renewer");
  assert.deepEqual(hardeningOf(renewer), asServer);
  assert.deepEqual(renewer.inputs.ports, [{ internal: 8080, external: 8080, ip: "192.0.2.7" }]);
  assert.deepEqual(renewer.inputs.envs, [
    "ACME_EMAIL=admin@example.com",
    "ACME_SERVER=https://acme-v02.api.letsencrypt.org/directory",
    "ACME_NAMES=registry.example.com images.example.com",
    "ACME_RENEWAL_DAYS=20",
  ]);
  assert.equal(labelsOf(renewer)["private-registry.role"], "acme");
  assert.deepEqual(hardeningOf(get("main-acme-prepare")), asHelper);
  assert.deepEqual(hardeningOf(get("main-acme-issue")), asServer);
  assert.equal(get("main-acme-issue").inputs.networkMode, "none");
});

test("whatever changes, account and certificates stay", async () => {
  const { get } = await registry();
  for (const volume of ["main-acme-account", "main-acme-certificates"]) {
    assert.deepEqual(Object.keys(get(volume).inputs).sort(), ["labels", "name"]);
    assert.deepEqual(get(volume).ignoreChanges, ["labels"]);
  }
});

test("the proxy waits for the first certificate and reads the certificates, and nothing else of the account", async () => {
  const { all, get } = await registry();
  const mounting = (volumeName: string) =>
    all("docker:Container").flatMap(({ name, inputs }) =>
      (inputs.volumes ?? [])
        .filter((mount: { volumeName?: string }) => mount.volumeName === volumeName)
        .map((mount: { readOnly?: boolean }) => `${name}${mount.readOnly ? "" : " writes"}`),
    );
  assert.deepEqual(mounting("shop-test-main-acme-certificates").sort(), [
    "main-acme-issue",
    "main-acme-prepare writes",
    "main-acme-renewer writes",
    "main-proxy-container",
    "main-proxy-stage",
  ]);
  assert.deepEqual(mounting("shop-test-main-acme-account").sort(), [
    "main-acme-issue writes",
    "main-acme-prepare writes",
    "main-acme-renewer writes",
  ]);
  const files = filesOf(get("main-proxy-files"));
  assert.ok(!Object.keys(files).some((file) => /server\.(crt|key)$/.test(file)));
  const config = Object.entries(files).find(([file]) => file.endsWith("nginx.conf"))?.[1] ?? "";
  assert.match(
    config,
    /ssl_certificate \/tmp\/certificate\/chain\.pem;\n\s+ssl_certificate_key \/tmp\/certificate\/key\.pem;/,
  );
});

test("bad arguments are refused all at once, before anything is created", async () => {
  const { message, resources } = await declareFailing(
    () => new AcmeCertificate("tls", { hostnames: ["192.0.2.7"], email: "admin" }),
  );
  assert.match(message, /^tls cannot be created:/);
  assert.match(message, /hostnames\[0\]: "192\.0\.2\.7" is an IP address/);
  assert.match(message, /\n {2}- email: "admin" is not an address/);
  assert.deepEqual(resources, []);
});

test("an external account binding goes into the account's volume by files, secret, and into nothing else", async () => {
  const { get, resources } = await registry({ acme: { ...acme, eabKeyId: "kid-1", eabHmacKey: "a+b/cQ==" } });
  const files = Object.entries(filesOf(get("main-acme-files")));
  assert.deepEqual(
    files.map(([path, text]) => [path.split("/").at(-1), text]),
    [
      ["keyId", "kid-1"],
      ["hmacKey", "a-b_cQ"],
    ],
  );
  assert.ok(resources.every(({ shown }) => !/a[+-]b[/_]c/.test(shown)));
  const { message } = await declareFailing(
    () => new AcmeCertificate("main", { hostnames, ...acme, eabKeyId: " " }),
  );
  assert.match(message, /eabKeyId, eabHmacKey: one is given without the other; give both, or none/);
  assert.match(message, /eabKeyId: " " is no key identifier/);
});

test("an HMAC key that is none is refused without showing it", async () => {
  const { message } = await declareFailing(
    () =>
      new PrivateRegistry("main", {
        hostnames,
        certificateSource: CertificateSource.Acme,
        acme: { ...acme, eabKeyId: "kid-1", eabHmacKey: "hunter 2" },
      }),
  );
  assert.match(
    message,
    /acme\.eabHmacKey: is not in base64; write the HMAC key as the server's console shows it/,
  );
  assert.doesNotMatch(message, /hunter/);
});
