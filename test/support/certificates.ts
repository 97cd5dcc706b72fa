// Certificates for tests.
import { issue } from "./x509";

export interface TestCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** A certificate that signs itself, good for one name for 30 days. */
export function selfSigned(name: string): TestCertificate {
  const { certificatePem, privateKeyPem } = issue({ commonName: name, names: [name], isAuthority: true });
  return { certificatePem, privateKeyPem };
}

export interface TestChain extends TestCertificate {
  /** The authority that clients must trust; not in the chain. */
  readonly rootPem: string;
  /** Private key of the intermediate that issued it. */
  readonly intermediateKeyPem: string;
}

/** A server certificate for a name, and the intermediate that issued it, under a root of its own. */
export function issuedByIntermediate(name: string): TestChain {
  const root = issue({ commonName: "test root", isAuthority: true });
  const intermediate = issue({ commonName: "test intermediate", isAuthority: true }, root);
  const server = issue({ commonName: name, names: [name], isAuthority: false }, intermediate);
  return {
    certificatePem: server.certificatePem + intermediate.certificatePem,
    privateKeyPem: server.privateKeyPem,
    rootPem: root.certificatePem,
    intermediateKeyPem: intermediate.privateKeyPem,
  };
}
