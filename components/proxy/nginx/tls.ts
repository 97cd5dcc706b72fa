import { apiAnswer } from "./apiAnswer";
import type { Feature } from "./feature";

/** The port for clients without TLS. */
export function plainListener(port: number, ipv6Port?: number): Feature {
  return { server: listens(port, ipv6Port) };
}

/**
 * What comes by IPv6 gets here by IPv4 where the network has no IPv6. A container has none at all where its kernel has
 * none, so that it is asked for only where it is wanted.
 */
function listens(port: number, ipv6Port: number | undefined, options = ""): string {
  const ports = ipv6Port === undefined ? [port] : [port, ipv6Port, `[::]:${ipv6Port}`];
  return ports.map((each) => `    listen ${each}${options};\n`).join("");
}

/**
 * The port for clients with TLS. HTTP/1.1 only: HTTP/2 makes uploads several times slower and more expensive.
 *
 * @param folder With chain.pem and key.pem. Defaults to server.crt and server.key beside the configuration.
 */
export function tlsListener(port: number, folder?: string, ipv6Port?: number): Feature {
  const [certificate, key] =
    folder === undefined ? ["server.crt", "server.key"] : [`${folder}/chain.pem`, `${folder}/key.pem`];
  return {
    server: `${listens(port, ipv6Port, " ssl")}
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;
    ssl_prefer_server_ciphers on;
    ssl_session_cache shared:tls:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;
    ssl_buffer_size 32k;
    error_page 497 @plain_http;

    location @plain_http {
      ${apiAnswer(400, "UNSUPPORTED", "plain HTTP on the HTTPS port: use https, and remove the host from insecure-registries")}
    }
`,
  };
}
