import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { problems, read } from "../../support/infraConfig";
import { valueIn } from "../../support/mocks";

const owners = { ownCertificate: "ownPrivateKeyPem", ownAuthority: "ownAuthorityPrivateKeyPem" } as const;
type Owner = keyof typeof owners;

test("a certificate or authority of one's own gets the private key that stands beside, as a secret", async () => {
  for (const [owner, key] of Object.entries(owners) as [Owner, string][]) {
    const own = (await read({ [owner]: { certificatePem: "CERTIFICATE" } }, { [key]: "KEY" }))[owner];
    assert.equal(own?.certificatePem, "CERTIFICATE");
    assert.equal(await pulumi.isSecret(pulumi.output(own?.privateKeyPem)), true);
    assert.equal(await valueIn(pulumi.output(own?.privateKeyPem)), "KEY");
  }
});

test("an encrypted private key within the settings is one, and stays secret", async () => {
  for (const owner of Object.keys(owners) as Owner[]) {
    const given = { certificatePem: "CERTIFICATE", privateKeyPem: "KEY" };
    const own = (await read({ [owner]: given }, {}, ["settings"]))[owner];
    assert.equal(await pulumi.isSecret(pulumi.output(own?.privateKeyPem)), true);
    assert.equal(await valueIn(pulumi.output(own?.privateKeyPem)), "KEY");
  }
});

test("a certificate without its key is left to the validation of arguments", async () => {
  const { ownCertificate } = await read(
    { ownCertificate: { certificatePem: "CERTIFICATE" } },
    { ownPrivateKeyPem: "" },
  );
  assert.equal(await valueIn(pulumi.output(ownCertificate?.privateKeyPem)), "");
});

test("whatever stands beside a certificate of one's own is passed on, to be refused where it does nothing", async () => {
  const args = await read({ ownCertificate: { certificatePem: "CERTIFICATE" }, caGeneration: 2 });
  assert.equal(args.caGeneration, 2);
});

test("a key without its certificate is a problem, and is not shown", async () => {
  assert.deepEqual(await problems({}, { ownPrivateKeyPem: "KEY", ownAuthorityPrivateKeyPem: "KEY" }), [
    "ownAuthorityPrivateKeyPem: is given without settings.ownAuthority; set that too, or remove this",
    "ownPrivateKeyPem: is given without settings.ownCertificate; set that too, or remove this",
  ]);
  assert.deepEqual(await problems({}, { ownPrivateKeyPem: "" }), []);
});

test("a certificate needs its own text, and an account and a load balancer what they cannot do without", async () => {
  const lacking = { ownCertificate: {}, ownAuthority: {}, acme: {}, external: {}, users: [{}] };
  assert.deepEqual(await problems(lacking), [
    'settings.external: lacks "trustedAddresses"; write "trustedAddresses" too',
    'settings.users[0]: lacks "name"; write "name" too',
    'settings.ownAuthority: lacks "certificatePem"; write "certificatePem" too',
    'settings.ownCertificate: lacks "certificatePem"; write "certificatePem" too',
    'settings.acme: lacks "email"; write "email" too',
  ]);
});

test("secrets in clear within the settings are refused with the command that sets them, and are not shown", async () => {
  const found = await problems({
    users: [{ name: "ci", password: "hunter22" }],
    ownCertificate: { certificatePem: "CERTIFICATE", privateKeyPem: "hunter22" },
    ownAuthority: { certificatePem: "CERTIFICATE", privateKeyPem: "hunter22" },
  });
  const set = "is not encrypted; take it out, and set it with: npm run -s pulumi -- config set --secret";
  assert.deepEqual(found, [
    `settings.users[0].password: ${set} password-ci`,
    `settings.ownAuthority.privateKeyPem: ${set} ownAuthorityPrivateKeyPem < FILE`,
    `settings.ownCertificate.privateKeyPem: ${set} ownPrivateKeyPem < FILE`,
  ]);
});

test("a proxy's password in clear is refused, and a proxy without one is not", async () => {
  const proxy = "http://ci:hunter22@proxy.example.com:3128";
  assert.deepEqual(await problems({ outgoing: { proxy } }), [
    "settings.outgoing.proxy: has a password and is not encrypted; set it with: " +
      "npm run -s pulumi -- config set --path --secret settings.outgoing.proxy URL",
  ]);
  assert.deepEqual(await problems({ outgoing: { proxy: "http://proxy.example.com:3128" } }), []);
  assert.deepEqual(await problems({ outgoing: { proxy } }, {}, ["settings"]), []);
});

test("a secret that is given twice is refused", async () => {
  const users = [{ name: "ci", password: "hunter22" }];
  assert.deepEqual(await problems({ users }, { "password-ci": "hunter23" }, ["settings", "password-ci"]), [
    "settings.users[0].password: is given as password-ci too; take one of them out",
  ]);
});
