import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { sshKeyProblems } from "../../../components/backup/sshKeyProblems";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const pem = (type: "pkcs8", passphrase?: string) =>
  privateKey
    .export({ type, format: "pem", ...(passphrase && { cipher: "aes-256-cbc", passphrase }) })
    .toString();

/** A key as ssh-keygen writes it, as far as the name of its cipher. */
function openssh(cipher: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(cipher.length);
  const body = Buffer.concat([Buffer.from("openssh-key-v1\0"), length, Buffer.from(`${cipher} and so on`)]);
  const lines = body.toString("base64").replace(/.{20}/g, "$&\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

test("a private key without a passphrase is one, in each form", () => {
  for (const key of [pem("pkcs8"), openssh("none"), `\r\n${openssh("none").replaceAll("\n", "\r\n")}`])
    assert.deepEqual(sshKeyProblems(key), []);
});

test("a key with a passphrase is refused with the way to one without", () => {
  for (const key of [pem("pkcs8", "hunter22"), openssh("aes256-ctr")]) {
    const [problem = "", ...more] = sshKeyProblems(key);
    assert.match(problem, /^backup\.sftp\.privateKey: has a passphrase, .* ssh-keygen -t ed25519 -N ""/);
    assert.deepEqual(more, []);
  }
});

test("what is no private key is refused and not shown", () => {
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  for (const key of ["", "hunter22", "ssh-ed25519 AAAA hunter22", publicPem, pem("pkcs8").slice(0, 60)]) {
    const text = sshKeyProblems(key).join("\n");
    assert.match(text, /^backup\.sftp\.privateKey: is no private key; write the whole text/);
    assert.doesNotMatch(text, /hunter22/);
  }
});
