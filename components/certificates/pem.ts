import { X509Certificate } from "node:crypto";

/** What reading PEM text gave: the certificates in their order, or why they could not be read. */
export interface PemReading {
  readonly certificates: readonly X509Certificate[];
  readonly problems: readonly string[];
}

/**
 * PEM text without what editors put before its lines: a byte order mark, which Go stumbles over, and the indentation of a
 * YAML file, which OpenSSL does. Other text stays as it is, byte for byte.
 */
export function plainPem(pem: string): string {
  return pem.replace(/^\ufeff/, "").replace(/^[ \t]+/gm, "");
}

/** The certificates of PEM text, one PEM block each, in their order; comments and keys are left out. */
export function splitPem(pem: string): string[] {
  return plainPem(pem).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

/** When the first certificate of PEM text ends. Throws where the text holds none. */
export function certificateExpiry(pem: string): Date {
  return new Date(new X509Certificate(splitPem(pem)[0] ?? pem).validTo);
}

/** Reads the certificates of one argument. The text is never shown: it could be a key by mistake. */
export function readCertificates(argument: string, pem: string): PemReading {
  if (pem.includes("PRIVATE KEY-----")) {
    return failed(
      `${argument}: holds a private key, and this text is handed out; write the certificates alone`,
    );
  }
  const blocks = splitPem(pem);
  if (blocks.length === 0) {
    const what = noPemReason(pem) ?? "holds no certificate in PEM form";
    return failed(
      `${argument}: ${what}; write the text from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----"`,
    );
  }
  const readings = blocks.map(readOne);
  return {
    certificates: readings.flatMap((certificate) => (certificate === undefined ? [] : [certificate])),
    problems: readings.flatMap((certificate, index) =>
      certificate === undefined
        ? [`${argument}: certificate ${index + 1} is damaged; copy the file again, whole and unchanged`]
        : [],
    ),
  };
}

/** The same of an argument that may be absent. */
export function readOptional(argument: string, pem: string | undefined): PemReading {
  return pem === undefined ? { certificates: [], problems: [] } : readCertificates(argument, pem);
}

/** Why text that should be PEM is none, where that can be told: UTF-16, or DER (binary or base64 without armour). */
export function noPemReason(text: string): string | undefined {
  if (/-\0-\0/.test(text)) {
    return "is UTF-16, as Windows PowerShell writes it with >; save it as UTF-8";
  }
  return /^0[\u0080-\u0084\ufffd]/.test(text) || /^MI[A-Za-z0-9+/]{20}/.test(text)
    ? "is DER (openssl x509 -inform der, or openssl pkey -inform der, turns it into PEM)"
    : undefined;
}

/** A certificate of one PEM block, or undefined where it is damaged. */
export function readOne(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

function failed(problem: string): PemReading {
  return { certificates: [], problems: [problem] };
}
