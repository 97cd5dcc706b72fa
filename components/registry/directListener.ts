/** How a registry listens that clients reach without a proxy. */
export interface DirectListener {
  /** Address and port in the container, such as ":5000". */
  readonly address: string;
  /** Text of the login prompt. */
  readonly realm: string;
  /** Absolute path of the htpasswd file in the container. */
  readonly usersPath: string;
  /** Absolute paths in the container. Defaults to none: plain HTTP. */
  readonly tls?: {
    readonly certificatePath: string;
    readonly keyPath: string;
    /** Authorities of which clients must present a certificate. Defaults to none: they need none. */
    readonly clientCaPath?: string;
  };
}

/** Forward secrecy and authenticated encryption only; Go chooses the suites of TLS 1.3 itself. */
const cipherSuites = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
];

/** Its part of `http` in config.yml: the certificate, if it has one. */
export function directTls({ tls }: DirectListener) {
  return (
    tls && {
      tls: {
        certificate: tls.certificatePath,
        key: tls.keyPath,
        ...(tls.clientCaPath !== undefined && { clientcas: [tls.clientCaPath] }),
        minimumtls: "tls1.2",
        ciphersuites: cipherSuites,
      },
    }
  );
}

/** Its part of config.yml beside `http`: the registry checks logins itself. */
export function directAuth({ realm, usersPath }: DirectListener) {
  return { auth: { htpasswd: { realm, path: usersPath } } };
}
