import { CertificateSource } from "../certificates/args";
import { type FrontKind, ofTls } from "./frontKind";

/** Nothing: the registry itself does TLS and logins. */
export const direct: FrontKind = {
  hasTls: true,
  accepts: ofTls,
  servesCertificate: () => true,
  clientPort: ({ port }) => port,
  trustedPems: (_, servedCa) => [servedCa],
  problems: ({ certificateSource }) =>
    certificateSource === CertificateSource.Acme
      ? [
          'certificateSource: "acme" is for nginx, which takes a new certificate without a restart; write "nginx" in front, or another source',
        ]
      : [],
};
