/** A key of versions that had one for each argument, and where its value belongs. */
interface OldKey {
  /** Path in `settings`. Defaults to the key itself. */
  readonly path?: readonly string[];
  /** What Pulumi.yaml gave to every stack; an empty text, list or map stood for no value everywhere. */
  readonly usual?: unknown;
}

/** In the order in which they are written. */
export const oldKeys: { readonly [key: string]: OldKey } = {
  hostnames: {},
  front: { usual: "nginx" },
  external: {},
  port: { usual: 443 },
  bindAddress: { usual: "0.0.0.0" },
  extraSans: {},
  users: { usual: ["admin"] },
  passwordGenerations: {},
  clientUser: {},
  installScriptUsers: {},
  clientAddress: {},
  certificateSource: {},
  certificate: {},
  caGeneration: { usual: 1 },
  caRetiredGeneration: { usual: 0 },
  ownAuthorityPem: { path: ["ownAuthority", "certificatePem"] },
  ownAuthorityRootPem: { path: ["ownAuthority", "rootPem"] },
  ownCertificatePem: { path: ["ownCertificate", "certificatePem"] },
  ownCaCertificatePem: { path: ["ownCertificate", "caCertificatePem"] },
  acme: {},
  keepGeneratedAuthority: { usual: false },
  requireClientCertificates: { usual: false },
  extraCaCertificatesPem: {},
  storage: {},
  keepDataOnDestroy: { usual: true },
  registry: {},
  registryConfigOverrides: {},
  waf: {},
  proxySnippet: {},
  proxyServesBlobs: { usual: true },
  limits: {},
  realm: { usual: "Private Registry" },
  logRotation: {},
  timeZone: { usual: "UTC" },
  registryImage: {},
  proxyImage: {},
  registryResources: {},
  proxyResources: {},
  labels: {},
};
