// Certificates for tests, made by openssl.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TestCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** A certificate that signs itself, good for one name for 30 days. */
export function selfSigned(name: string): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const files = ["-keyout", "server.key", "-out", "server.crt"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  try {
    execFileSync("openssl", ["req", "-x509", "-days", "30", ...key, ...files, ...subject], {
      cwd: folder,
      stdio: "pipe",
    });
    return {
      certificatePem: readFileSync(join(folder, "server.crt"), "utf8"),
      privateKeyPem: readFileSync(join(folder, "server.key"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
