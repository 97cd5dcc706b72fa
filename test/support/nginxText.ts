// nginx.conf as tests read it.
import assert from "node:assert/strict";
import type { RequestLimitArgs } from "../../components/proxy/args";
import { resolvedRequestLimits } from "../../components/proxy/defaults";
import { type NginxSettings, nginxConfig } from "../../components/proxy/nginx/nginxConfig";

const settings: Omit<NginxSettings, "limits"> = {
  realm: "Private Registry",
  users: ["alice", "build.bot@example"],
  usersHash: "fedcba9876543210",
  verifierSocket: "/run/private-registry-verifier/verifier.sock",
  registrySockets: ["/run/private-registry/registry.sock"],
  port: 8443,
  healthPort: 8081,
  generation: "0123456789abcdef",
  oldWorkerSeconds: 86_400,
  diskGuard: false,
  quotas: [],
};

/** Changed settings, with limits as arguments have them. */
type Change = Partial<Omit<NginxSettings, "limits">> & { readonly limits?: RequestLimitArgs };

/** nginx.conf with changed settings. */
export const render = ({ limits, ...change }: Change = {}) =>
  nginxConfig({ ...settings, ...change, limits: resolvedRequestLimits(limits) });
/** nginx.conf of the plainest proxy. */
export const text = render();

/** The directives of a name, without their semicolons, wherever they stand. */
export function directives(name: string, within = text): string[] {
  return [...within.matchAll(new RegExp(`^ *${name} +(.*);$`, "gm"))].map(([, value]) => value ?? "");
}

/** The text between the braces of a block, such as `location /v2/`. */
export function block(head: string, within = text): string {
  const start = within.indexOf(`${head} {\n`);
  assert.ok(start >= 0, head);
  const indent = /^ *$/.exec(within.slice(within.lastIndexOf("\n", start) + 1, start))?.[0] ?? "";
  return within.slice(start, within.indexOf(`\n${indent}}`, start));
}
