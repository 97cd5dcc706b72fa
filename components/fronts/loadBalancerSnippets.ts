import { isIpAddress } from "../base/hostnames";
import { streaming } from "../proxy/nginx/forward";
import { requestHeadTimeout, transferTimeout } from "../proxy/nginx/timeouts";

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
  /** Whether the registry's certificate is of an authority that must be handed over; else of a public one. */
  readonly hasOwnAuthority: boolean;
}

/** What a folder of the load balancer must hold for it to verify the registry. */
const authorityFile = "private-registry-upstream-ca.crt";

/** Kind of load balancer to its configuration, ready but for its own certificate. */
export function frontSnippets(settings: FrontSnippetSettings): { [kind: string]: string } {
  return { safeline: safeline(settings), nginx: nginx(settings), haproxy: haproxy(settings) };
}

function safeline(settings: FrontSnippetSettings): string {
  const { hostnames, upstream, encrypted } = settings;
  return `# SafeLine: in the console, add a site for ${hostnames.join(", ")} with the upstream ${encrypted ? "https" : "http"}://${upstream}.
# Put these lines into resources/nginx/custom_params/backend_N below SafeLine's folder, such as /data/safeline;
# N is the number of the site, as in resources/nginx/sites-enabled/IF_backend_N. In its container the file is
# /etc/nginx/custom_params/backend_N. SafeLine writes other files anew, and leaves this folder as it is.
# Then: docker exec safeline-tengine nginx -t && docker exec safeline-tengine nginx -s reload
# If nginx calls a line a duplicate, SafeLine has it already: take it out here.
${preparation(settings, "resources/nginx/custom_params")}${forwarding(settings, "/etc/nginx/custom_params", "")}`;
}

function nginx(settings: FrontSnippetSettings): string {
  const { hostnames, publicPort, upstream, encrypted } = settings;
  return `# nginx, into the http block. Replace the two paths of your certificate and its key.
${preparation(settings, "/etc/nginx")}${roomForNames(hostnames)}upstream private_registry {
  server ${upstream};
  keepalive 32;
}

server {
  listen ${publicPort} ssl;
  server_name ${hostnames.map((name) => (name.includes(":") ? `[${name}]` : name)).join(" ")};
  ssl_certificate /etc/nginx/registry.crt;
  ssl_certificate_key /etc/nginx/registry.key;
  ssl_protocols TLSv1.2 TLSv1.3;

  location / {
    proxy_pass ${encrypted ? "https" : "http"}://private_registry;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
${forwarding(settings, "/etc/nginx", "    ")}  }
}
`;
}

/** nginx takes no name of a server with more than 46 characters, unless it is told to make room. */
function roomForNames(hostnames: readonly string[]): string {
  return hostnames.some((name) => name.length > 46) ? "server_names_hash_bucket_size 512;\n\n" : "";
}

function haproxy(settings: FrontSnippetSettings): string {
  const { hostnames, publicPort, upstream, encrypted } = settings;
  const name = verifiedName(hostnames);
  const verified = name === undefined ? "" : ` sni str(${name}) verifyhost ${name}`;
  const tls = ` ssl verify required ca-file ${authorityPath(settings, "/etc/haproxy")}${verified}`;
  return `# HAProxy 2.4 or newer, into haproxy.cfg. registry.pem is your certificate, its intermediates and its key in one file.
${preparation(settings, "/etc/haproxy")}frontend private_registry
  mode http
  bind :${publicPort} ssl crt /etc/haproxy/registry.pem ssl-min-ver TLSv1.2 alpn http/1.1
  timeout client ${transferTimeout}
  timeout http-request ${requestHeadTimeout}
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  default_backend private_registry

backend private_registry
  mode http
  timeout connect 5s
  timeout server ${transferTimeout}
  server registry ${upstream}${encrypted ? tls : ""}
`;
}

/** What a location of nginx needs: nothing on its disk, no limit of size, patience, and TLS that is verified. */
function forwarding(settings: FrontSnippetSettings, folder: string, indent: string): string {
  const name = settings.encrypted ? verifiedName(settings.hostnames) : undefined;
  return [
    "proxy_set_header X-Forwarded-Proto $scheme;",
    "proxy_http_version 1.1;",
    'proxy_set_header Connection "";',
    "client_max_body_size 0;",
    ...streaming,
    ...(name === undefined
      ? []
      : [
          "proxy_ssl_server_name on;",
          `proxy_ssl_name ${name};`,
          "proxy_ssl_verify on;",
          `proxy_ssl_trusted_certificate ${authorityPath(settings, folder)};`,
        ]),
  ]
    .map((line) => `${indent}${line}\n`)
    .join("");
}

/** nginx and HAProxy verify names only: a certificate for IP addresses alone is encryption without verification. */
function verifiedName(hostnames: readonly string[]): string | undefined {
  return hostnames.find((name) => !isIpAddress(name));
}

function authorityPath({ hasOwnAuthority }: FrontSnippetSettings, folder: string): string {
  return hasOwnAuthority ? `${folder}/${authorityFile}` : "/etc/ssl/certs/ca-certificates.crt";
}

/** What is left to do, as comments. */
function preparation(settings: FrontSnippetSettings, folder: string): string {
  const { upstream, encrypted, hasOwnAuthority } = settings;
  return [
    ...(upstream.startsWith("REGISTRY_HOST")
      ? ["# Replace REGISTRY_HOST by the address of the Docker host of the registry.\n"]
      : []),
    ...(encrypted && hasOwnAuthority
      ? [`# Save the text "upstreamCaCertificate" as ${folder}/${authorityFile}.\n`]
      : []),
  ].join("");
}
