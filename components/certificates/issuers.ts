import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

let read: readonly X509Certificate[] | undefined;

/** The roots that clients trust by themselves: Mozilla's, as Node has them. */
function publicRoots(): readonly X509Certificate[] {
  read ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return read;
}

/** Whether one certificate has signed another, and may. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** Whether a certificate is a root, or a server certificate that signs itself. */
export function isIssuedBySelf(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

/**
 * Whether clients trust a chain by themselves: one of it is a public root, or issued by one. A public root that another
 * one has signed, as some chains end with, is known by its key.
 */
export function isPubliclyTrusted(chain: readonly X509Certificate[], roots = publicRoots()): boolean {
  return chain.some((certificate) =>
    roots.some(
      (root) =>
        isIssuedBy(certificate, root) ||
        (certificate.subject === root.subject && certificate.publicKey.equals(root.publicKey)),
    ),
  );
}
