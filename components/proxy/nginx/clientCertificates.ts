import { apiAnswer } from "./apiAnswer";
import type { Feature } from "./feature";

/** Name of the file with the authorities whose certificates clients must present. */
export const clientCaFile = "client-ca.crt";

/**
 * A client must present a certificate. nginx alone completes the handshake with a client that has no certificate and answers
 * status 400; `VerifyMode` has OpenSSL end it, before anything is read. A certificate of another authority passes
 * the handshake and reaches nothing but the error.
 */
export const clientCertificates: Feature = {
  server: `
    ssl_client_certificate ${clientCaFile};
    ssl_verify_client on;
    ssl_conf_command VerifyMode Require;
    error_page 495 = @foreign_certificate;

    location @foreign_certificate {
      ${apiAnswer(403, "DENIED", "the client certificate has ended, or is not of this registry: run the install script again")}
    }
`,
};
