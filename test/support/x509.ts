// X.509 certificates without any program: just what the tests need of the standard (RFC 5280).
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  randomBytes,
  sign,
} from "node:crypto";
import { isIPv4 } from "node:net";

/** What a certificate says. */
export interface Contents {
  readonly commonName: string;
  /** Days until it ends. Defaults to 30. */
  readonly days?: number;
  /** DNS names and IPv4 addresses that it is good for. Defaults to none. */
  readonly names?: readonly string[];
  /** Whether it may sign others; undefined to say nothing of it. */
  readonly isAuthority?: boolean;
  /** What it is for. Defaults to everything. */
  readonly purpose?: "server" | "client";
  /** Its key. Defaults to a new one on P-256; whatever signs another must have such a one. */
  readonly keys?: KeyPairKeyObjectResult;
  /** Hash that is signed. Defaults to SHA-256. */
  readonly hash?: "sha1";
  /** Whether it names its key and that of its issuer. Defaults to true. */
  readonly namesKeys?: boolean;
}

/** A certificate with its key, which can sign others. */
export interface Certificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly der: Buffer;
  readonly privateKey: KeyObject;
  readonly commonName: string;
  readonly keyIdentifier: Buffer;
}

type Issuer = Pick<Certificate, "privateKey" | "commonName" | "keyIdentifier">;

/** Makes a key and the certificate for it, signed by an issuer, or by itself without one. */
export function issue(contents: Contents, issuer?: Issuer): Certificate {
  const { commonName, hash = "sha256" } = contents;
  const { privateKey, publicKey } = contents.keys ?? generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = signatures[hash];
  const publicDer = publicKey.export({ type: "spki", format: "der" });
  const keyIdentifier = createHash("sha1").update(publicDer).digest();
  const by = issuer ?? { privateKey, commonName, keyIdentifier };
  const now = Date.now();
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name(by.commonName),
    sequence(time(new Date(now)), time(new Date(now + (contents.days ?? 30) * 86_400_000))),
    name(commonName),
    publicDer,
    tagged(0xa3, sequence(...extensions(contents, keyIdentifier, by.keyIdentifier))),
  );
  const signature = sign(hash, body, by.privateKey);
  const der = sequence(body, algorithm, bits(signature));
  const lines = der.toString("base64").replace(/.{1,64}/g, "$&\n");
  return {
    certificatePem: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    der,
    privateKey,
    commonName,
    keyIdentifier,
  };
}

function extensions(contents: Contents, own: Buffer, issuer: Buffer): Buffer[] {
  const { names = [], isAuthority, purpose, namesKeys = true } = contents;
  const all: Buffer[] = [];
  if (names.length > 0) all.push(extension("551d11", sequence(...names.map(alternativeName))));
  if (isAuthority !== undefined) {
    const value = isAuthority ? [tagged(0x01, Buffer.of(0xff))] : [];
    all.push(extension("551d13", sequence(...value), true));
    // For signatures of its own, and on certificates.
    if (isAuthority) all.push(extension("551d0f", Buffer.from("03020284", "hex"), true));
  }
  if (purpose !== undefined)
    all.push(
      extension(
        "551d25",
        sequence(identifier(purpose === "server" ? "2b06010505070301" : "2b06010505070302")),
      ),
    );
  if (namesKeys) {
    all.push(extension("551d0e", tagged(0x04, own)));
    all.push(extension("551d23", sequence(tagged(0x80, issuer))));
  }
  return all;
}

function extension(oid: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [tagged(0x01, Buffer.of(0xff))] : [];
  return sequence(identifier(oid), ...critical, tagged(0x04, value));
}

const alternativeName = (text: string) =>
  isIPv4(text)
    ? tagged(0x87, Buffer.from(text.split(".").map(Number)))
    : tagged(0x82, Buffer.from(text, "latin1"));

/** A distinguished name of a common name alone. */
const name = (commonName: string) =>
  sequence(tagged(0x31, sequence(identifier("550403"), tagged(0x0c, Buffer.from(commonName)))));

/** UTCTime, which ends with the year 2049. */
const time = (date: Date) =>
  tagged(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));

/** DER: a tag, the length of what follows, and that. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts);
const integer = (bytes: Buffer) => tagged(0x02, bytes);
const bits = (bytes: Buffer) => tagged(0x03, Buffer.of(0), bytes);

/** An object identifier, of its encoded bytes. */
const identifier = (hexadecimal: string) => tagged(0x06, Buffer.from(hexadecimal, "hex"));
const signatures = {
  sha1: sequence(identifier("2a8648ce3d0401")),
  sha256: sequence(identifier("2a8648ce3d040302")),
};
