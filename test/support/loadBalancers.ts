// Load balancers of somebody else, on the consumer machine, where ports 80 and 443 are free.

import type { Result } from "../../tools/shell";
import type { ConsumerMachine } from "./consumerMachine";

/** What a load balancer on the machine is started with. */
export interface LoadBalancer {
  readonly kind: "nginx" | "haproxy";
  /** Its folder, `/etc/nginx` or `/etc/haproxy`: path below it to text. */
  readonly files: { readonly [path: string]: string };
}

/** Replaces whatever load balancer runs on the machine by this one. */
export async function startLoadBalancer(
  machine: ConsumerMachine,
  { kind, files }: LoadBalancer,
  nginxImage: string,
): Promise<void> {
  await machine.exec(["docker", "rm", "-f", "front"]);
  await machine.exec(["sh", "-c", "kill $(cat /run/haproxy.pid) 2>/dev/null; rm -f /run/haproxy.pid"]);
  const folder = kind === "nginx" ? "/tmp/front" : "/etc/haproxy";
  for (const [path, text] of Object.entries(files)) await writeOn(machine, `${folder}/${path}`, text);
  const start = {
    nginx: [
      ...["docker", "run", "-d", "--name", "front", "--network", "host", "--volume", `${folder}:/etc/nginx`],
      ...[nginxImage, "nginx", "-g", "daemon off;"],
    ],
    haproxy: ["haproxy", "-D", "-p", "/run/haproxy.pid", "-f", "/etc/haproxy/haproxy.cfg"],
  };
  must(await machine.exec(start[kind]));
  const ready = `for try in $(seq 100); do ss -lnt | grep -q ':443 ' && exit 0; sleep 0.1; done; docker logs front; exit 1`;
  must(await machine.exec(["sh", "-c", ready]));
}

/** Writes a file on the machine, and the folders it is in. */
export async function writeOn(machine: ConsumerMachine, path: string, text: string): Promise<void> {
  must(
    await machine.exec(["sh", "-c", 'mkdir -p "$(dirname "$1")" && cat >"$1"', "write", path], {
      input: text,
    }),
  );
}

/** nginx that does what a file of its http block says. */
export function nginxConf(http: string): string {
  return `events {}
http {
  access_log /dev/stdout;
${http}
}
`;
}

export interface SafeLineSite {
  /** Scheme, address and port of the registry. */
  readonly upstream: { readonly scheme: string; readonly address: string };
  /** Lines of the http block. SafeLine's own nginx.conf sets a limit of bodies there. */
  readonly http?: string;
  /** Value of the Host header. Its documented default. */
  readonly host?: string;
}

/** A site as SafeLine writes it for a host with a certificate, plain HTTP led to HTTPS; what inspects is left out. */
export function safeLineSite({ upstream, http = "", host = "$http_host" }: SafeLineSite): string {
  return nginxConf(`${http}
upstream backend_1 {
    server ${upstream.address};
    keepalive 128;
    keepalive_timeout 75;
}
server {
    listen 0.0.0.0:80;
    server_name registry.test;
    return 301 https://$host$request_uri;
}
server {
    listen 0.0.0.0:443 ssl;
    server_name registry.test;
    ssl_certificate /etc/nginx/registry.crt;
    ssl_certificate_key /etc/nginx/registry.key;
    location ^~ / {
        proxy_pass ${upstream.scheme}://backend_1;
        proxy_set_header Host ${host};
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        include /etc/nginx/custom_params/backend_1;
    }
}`);
}

/** HAProxy with the time-outs of Debian's package, and nothing about a registry. */
export function usualHaproxy(upstream: string): string {
  return `defaults
  mode http
  timeout connect 5000
  timeout client 50000
  timeout server 50000
frontend web
  bind :443 ssl crt /etc/haproxy/registry.pem
  default_backend registry
backend registry
  server registry ${upstream} ssl verify none
`;
}

function must({ status, stdout, stderr }: Result): void {
  if (status !== 0) throw new Error(`load balancer: ${stdout}${stderr}`);
}
