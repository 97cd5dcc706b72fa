import { type FrontKind, ofProxy, ofTls } from "./frontKind";

/** nginx: TLS, login, pulls from the disk. */
export const nginx: FrontKind = {
  hasTls: true,
  proxy: { image: "proxy", hasFirewall: false },
  accepts: [...ofProxy, ...ofTls],
  servesCertificate: () => true,
  clientPort: ({ port }) => port,
  trustedPems: (_, servedCa) => [servedCa],
  problems: () => [],
};
