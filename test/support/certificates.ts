// Certificates for tests, made by openssl.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { isIP } from "node:net";
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
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=${isIP(name) ? "IP" : "DNS"}:${name}`];
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

export interface TestChain extends TestCertificate {
  /** The authority that clients must trust; not in the chain. */
  readonly rootPem: string;
  /** Private key of the intermediate that issued it. */
  readonly intermediateKeyPem: string;
}

/** A server certificate for a name, and the intermediate that issued it, under a root of its own. */
export function issuedByIntermediate(name: string): TestChain {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"];
  const authority = ["-addext", "basicConstraints=critical,CA:true"];
  const issue = (
    file: string,
    issuer: string | undefined,
    subject: string,
    extensions: readonly string[],
  ) => {
    const by = issuer === undefined ? [] : ["-CA", `${issuer}.crt`, "-CAkey", `${issuer}.key`];
    const files = ["-keyout", `${file}.key`, "-out", `${file}.crt`];
    const openssl = ["req", "-x509", ...key, ...files, ...by, "-subj", `/CN=${subject}`, ...extensions];
    execFileSync("openssl", openssl, { cwd: folder, stdio: "pipe" });
  };
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  try {
    issue("root", undefined, "test root", []);
    issue("intermediate", "root", "test intermediate", authority);
    issue("server", "intermediate", name, [
      ...["-addext", "basicConstraints=critical,CA:false"],
      ...["-addext", `subjectAltName=DNS:${name}`],
    ]);
    return {
      certificatePem: read("server.crt") + read("intermediate.crt"),
      privateKeyPem: read("server.key"),
      rootPem: read("root.crt"),
      intermediateKeyPem: read("intermediate.key"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
