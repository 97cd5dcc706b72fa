import type { ResolvedCertificateSettings } from "./defaults";

/**
 * Subject of a certificate. A common name holds 64 characters (RFC 5280), the ending always among them; clients
 * read the alternative names.
 */
export function certificateSubject(
  commonName: string,
  certificate: ResolvedCertificateSettings,
  ending = "",
) {
  return {
    commonName: commonName.slice(0, 64 - ending.length) + ending,
    organization: certificate.organization,
    organizationalUnit: certificate.organizationalUnit,
    country: certificate.country,
    province: certificate.province,
    locality: certificate.locality,
  };
}
