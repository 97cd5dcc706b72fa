import { isIpAddress } from "../validation/hostnames";

/** What the configuration of a load balancer in front is rendered from. */
export interface FrontSnippetSettings {
  /** Host names and IP addresses by which clients reach the load balancer. */
  readonly hostnames: readonly string[];
  /** Port on which it listens. */
  readonly publicPort: number;
  /** Address and port of the registry, as the load balancer reaches it. */
  readonly upstream: string;
  /** Whether it speaks TLS with the registry. */
  readonly encrypted: boolean;
}

/** Where the snippets expect the authority that signed the registry's certificate. */
const authorityFile = "private-registry-upstream-ca.crt";

/** Kind of load balancer to its configuration, ready but for its own certificate. */
export function frontSnippets(settings: FrontSnippetSettings): { [kind: string]: string } {
  return { safeline: safeline(settings), nginx: nginx(settings), haproxy: haproxy(settings) };
}

function safeline({ hostnames, upstream, encrypted }: FrontSnippetSettings): string {
  const scheme = encrypted ? "https" : "http";
  return `# SafeLine: in the console, add a site for ${hostnames.join(", ")} with the upstream ${scheme}://${upstream}.
# Put these lines into resources/nginx/custom_params/backend_N below SafeLine's folder, such as /data/safeline;
# N is the number of the site, as in resources/nginx/sites-enabled/IF_backend_N. In its container the file is
# /etc/nginx/custom_params/backend_N. SafeLine writes other files anew, and leaves this folder as it is.
${encrypted ? `# Save the text "upstreamCaCertificate" as resources/nginx/custom_params/${authorityFile}.\n` : ""}# Then: docker exec safeline-tengine nginx -t && docker exec safeline-tengine nginx -s reload
# If nginx calls a line a duplicate, SafeLine has it already: take it out here.
${forwarding("", encrypted && verifiedName(hostnames), "/etc/nginx/custom_params/")}`;
}

function nginx({ hostnames, publicPort, upstream, encrypted }: FrontSnippetSettings): string {
  return `# nginx, into the http block. Replace the two paths of your certificate and its key.
${encrypted ? `# Save the text "upstreamCaCertificate" as /etc/nginx/${authorityFile}.\n` : ""}upstream private_registry {
  server ${upstream};
  keepalive 32;
}

server {
  listen ${publicPort} ssl;
  server_name ${hostnames.join(" ")};
  ssl_certificate /etc/nginx/registry.crt;
  ssl_certificate_key /etc/nginx/registry.key;
  ssl_protocols TLSv1.2 TLSv1.3;

  location / {
    proxy_pass ${encrypted ? "https" : "http"}://private_registry;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
${forwarding("    ", encrypted && verifiedName(hostnames), "/etc/nginx/")}  }
}
`;
}

/** nginx and HAProxy verify names only: a certificate for IP addresses alone is encryption without verification. */
function verifiedName(hostnames: readonly string[]): string | undefined {
  return hostnames.find((name) => !isIpAddress(name));
}

/** What a location of nginx needs: nothing on its disk, no limit of size, patience, and TLS that is verified. */
function forwarding(indent: string, name: string | false | undefined, folder: string): string {
  const tls = [
    "proxy_ssl_server_name on;",
    `proxy_ssl_name ${name};`,
    "proxy_ssl_verify on;",
    `proxy_ssl_trusted_certificate ${folder}${authorityFile};`,
  ];
  return [
    "proxy_set_header X-Forwarded-Proto $scheme;",
    "proxy_http_version 1.1;",
    'proxy_set_header Connection "";',
    "client_max_body_size 0;",
    "proxy_request_buffering off;",
    "proxy_buffer_size 64k;",
    "proxy_buffers 16 64k;",
    "proxy_busy_buffers_size 128k;",
    "proxy_max_temp_file_size 0;",
    "proxy_read_timeout 900s;",
    "proxy_send_timeout 900s;",
    ...(name ? tls : []),
  ]
    .map((line) => `${indent}${line}\n`)
    .join("");
}

function haproxy({ hostnames, publicPort, upstream, encrypted }: FrontSnippetSettings): string {
  const name = verifiedName(hostnames);
  const verified = name === undefined ? "" : ` sni str(${name}) verifyhost ${name}`;
  const tls = ` ssl verify required ca-file /etc/haproxy/${authorityFile}${verified}`;
  return `# HAProxy 2.4 or newer, into haproxy.cfg. registry.pem is your certificate, its intermediates and its key in one file.
${encrypted ? `# Save the text "upstreamCaCertificate" as /etc/haproxy/${authorityFile}.\n` : ""}frontend private_registry
  mode http
  bind :${publicPort} ssl crt /etc/haproxy/registry.pem ssl-min-ver TLSv1.2 alpn http/1.1
  timeout client 900s
  timeout http-request 60s
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  default_backend private_registry

backend private_registry
  mode http
  timeout connect 5s
  timeout server 900s
  server registry ${upstream}${encrypted ? tls : ""}
`;
}
