import {
  type AuthenticationSettings,
  errorBody,
  login,
  loginChecks,
  loginLocations,
  loginRequired,
} from "./authentication";
import { blobChecks, blobLocations } from "./blobs";
import { clientCertificateChecks } from "./clientCertificates";
import { limitChecks, limitTables } from "./limits";
import { requestChecks } from "./requestChecks";
import { frontChecks, frontTables } from "./trustedFront";
import { inspectedHead, type WafSettings, wafChecks, wafLocations, wafModules, wafRouting } from "./waf";

/** What the proxy's nginx.conf is rendered from. */
export interface NginxSettings extends AuthenticationSettings {
  /** Path of the unix socket on which the registry listens. */
  readonly registrySocket: string;
  /** Folder with the registry's data, if the proxy serves blobs from it. */
  readonly dataPath?: string;
  /** Port for clients inside the container. */
  readonly port: number;
  /** Serve without TLS, for a load balancer that does it. Defaults to false. */
  readonly plainHttp?: boolean;
  /** Networks of the load balancer in front, from which alone requests are taken. Defaults to none: from anywhere. */
  readonly trustedAddresses?: readonly string[];
  /** Port on the container's own loopback for health and activation. */
  readonly healthPort: number;
  /** Answered at `/generation` on the health port, so that an activation sees which configuration serves. */
  readonly generation: string;
  /** Whether only clients with a certificate may connect. Defaults to false. */
  readonly verifiesClients?: boolean;
  /** Folder with chain.pem and key.pem. Defaults to server.crt and server.key beside the configuration. */
  readonly certificatePath?: string;
  /** Seconds after a reload when the old workers cut the transfers that are still under way. */
  readonly oldWorkerSeconds: number;
  /** The web application firewall. Defaults to none. */
  readonly waf?: WafSettings;
  /** nginx text of the user, put into the server block. */
  readonly snippet?: string;
}

// HTTP/1.1 only: HTTP/2 makes uploads several times slower and dearer. Paths are relative to this file, so
// that a generation is moved as a whole.
export function nginxConfig(settings: NginxSettings): string {
  const { dataPath, limits, plainHttp = false, trustedAddresses: trusted, waf } = settings;
  const guarded = waf === undefined ? loginRequired : `${inspectedHead}\n${login}`;
  return `${waf === undefined ? "load_module modules/ngx_http_js_module.so;" : wafModules}
worker_processes auto;
worker_rlimit_core 0;
worker_shutdown_timeout ${settings.oldWorkerSeconds}s;
daemon off;
pid /tmp/nginx.pid;
error_log stderr notice;

events {
  worker_connections 4096;
}

http {
  log_format registry '$remote_addr $remote_user [$time_iso8601] "$request" $status $body_bytes_sent $request_length $request_time "$http_user_agent"';
  access_log /dev/stdout registry buffer=32k flush=1s;
  server_tokens off;
  default_type application/json;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
${trusted === undefined ? "" : frontTables(trusted)}${limitTables(limits)}${requestChecks}${dataPath === undefined ? "" : blobChecks}${waf === undefined ? "" : wafChecks(waf)}${loginChecks(settings)}
  upstream registry {
    server unix:${settings.registrySocket};
    keepalive 64;
  }

  server {
    listen ${settings.port}${plainHttp ? "" : " ssl"};
${plainHttp ? "" : tls(settings.certificatePath)}${settings.verifiesClients ? clientCertificateChecks : ""}
${transfer}
    absolute_redirect off;
    add_header Docker-Distribution-Api-Version registry/2.0 always;
    error_page 401 @unauthorized;
    error_page 500 = @unverified;
    error_page 502 503 504 =503 @unavailable;

${trusted === undefined ? "" : frontChecks(trusted)}${limitChecks(limits)}
    if ($obsolete_client) {
      return 404;
    }
${waf === undefined ? `    if ($refused) {\n      ${refused}\n    }` : wafRouting}

    location = /v2 {
      return 301 /v2/;
    }

    location /v2/ {
${guarded}
${forward}
    }

    # The end of a path says what it is, as names of repositories may have such words in them. A form in the body would
    # override the checked query.
    location ~ ^/v2/.+/blobs/uploads/[^/]*$ {
${guarded}
${forward}
      proxy_set_header Content-Type application/octet-stream;
    }

    location / {
${waf === undefined ? `      ${unknown}` : `${inspectedHead}\n      try_files /nothing @unknown;`}
    }

    location @registry {
${forward}
    }
${dataPath === undefined ? "" : blobLocations(dataPath, guarded)}${waf === undefined ? "" : wafLocations(waf, { login, forward, refused, unknown })}${loginLocations(settings)}
    location @unavailable {
      add_header Docker-Distribution-Api-Version registry/2.0 always;
      add_header Retry-After 2 always;
      return 503 '${errorBody("UNAVAILABLE", "the registry is starting, try again")}';
    }
${indent(settings.snippet ?? "", 4)}
  }

  server {
    listen 127.0.0.1:${settings.healthPort};
    access_log off;

    location = /healthz {
      proxy_pass http://registry/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }

    location = /login {
      proxy_pass http://verifier/;
    }

    location = /generation {
      return 200 "${settings.generation}";
    }
  }
}
`;
}

const refused = `return 400 '${errorBody("UNSUPPORTED", "the request is not one of the registry API: unusual path or query")}';`;
const unknown = `return 404 '${errorBody("NOT_FOUND", "this is a container registry: its API is below /v2/")}';`;

const tls = (folder?: string) => `
    ssl_certificate ${folder === undefined ? "server.crt" : `${folder}/chain.pem`};
    ssl_certificate_key ${folder === undefined ? "server.key" : `${folder}/key.pem`};
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
      return 400 '${errorBody("UNSUPPORTED", "plain HTTP on the HTTPS port: use https, and remove the host from insecure-registries")}';
    }
`;

// An image layer may take long and be of any size; neither direction touches the disk of the proxy. While the registry
// hashes what it has, the body's buffer takes in what comes next: each upload under way holds that much, and with
// nginx's own 8k a push costs twice as much.
const transfer = `
    client_max_body_size 0;
    client_body_buffer_size 1m;
    client_body_timeout 900s;
    send_timeout 900s;
    keepalive_requests 10000;
    sendfile on;
    tcp_nopush on;
    output_buffers 1 64k;
`;

/** Passes a request on, with the path as it is and the arguments that the registry may see. */
const forward = `      proxy_pass http://registry$registry_uri;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-Host "";
      proxy_set_header Forwarded "";
      proxy_set_header Authorization "";
      proxy_hide_header Docker-Distribution-Api-Version;
      proxy_request_buffering off;
      proxy_buffer_size 64k;
      proxy_buffers 16 64k;
      proxy_busy_buffers_size 128k;
      proxy_max_temp_file_size 0;
      proxy_read_timeout 900s;
      proxy_send_timeout 900s;`;

function indent(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(spaces));
}
