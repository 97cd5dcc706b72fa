const magic = "openssh-key-v1\0";

/** Problems of the key of a backup's login by SSH, once it is known. It is never shown. */
export function sshKeyProblems(key: string, argument = "backup.sftp.privateKey"): string[] {
  const body = /^\s*-----BEGIN ([A-Z ]*)PRIVATE KEY-----\s([\s\S]+)-----END \1PRIVATE KEY-----\s*$/.exec(
    key,
  )?.[2];
  if (body === undefined) {
    return [
      `${argument}: is no private key; write the whole text from "-----BEGIN" to the last line, not the .pub file, or leave it out to have one generated`,
    ];
  }
  return /ENCRYPTED/.test(key) || isEncrypted(Buffer.from(body, "base64"))
    ? [
        `${argument}: has a passphrase, and nobody is there at night to type it; make a key without one with: ssh-keygen -t ed25519 -N "" -f backup-key`,
      ]
    : [];
}

/** OpenSSH's own form names the cipher first, "none" without a passphrase (PROTOCOL.key of OpenSSH). */
function isEncrypted(body: Buffer): boolean {
  if (body.length < magic.length + 4 || body.toString("latin1", 0, magic.length) !== magic) return false;
  const length = body.readUInt32BE(magic.length);
  return body.toString("latin1", magic.length + 4, magic.length + 4 + length) !== "none";
}
