import { CertificateSource } from "../certificates/args";
import type { FrontKind } from "./frontKind";

/** Nothing, and plain HTTP. */
export const none: FrontKind = {
  hasTls: false,
  accepts: [],
  servesCertificate: () => false,
  clientPort: ({ port }) => port,
  trustedPems: () => [],
  problems: ({ front, certificateSource: source }) =>
    source === undefined || source === CertificateSource.None
      ? []
      : [
          `certificateSource: front "${front}" is plain HTTP; leave it out, or write "nginx" or "direct" in front`,
        ],
};
