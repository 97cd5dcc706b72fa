import { auditFolder } from "../../keeper/program/auditFolder";
import { type ResolvedLog, type ResolvedMetrics, resolvedLog } from "../../watch/defaults";
import type { ResolvedProxy } from "../defaults";
import { firewall, type WafSettings } from "../waf/firewall";
import { access, roomForUsers } from "./access";
import { type BlobCacheSettings, blobCache } from "./blobCache";
import { blobDeletion } from "./blobDeletion";
import { blobs } from "./blobs";
import { catalogue } from "./catalogue";
import { clientCertificates } from "./clientCertificates";
import { loginEntrance } from "./entrance";
import { joined, optional } from "./feature";
import { immutableTags, lookAtTags } from "./immutableTags";
import { keeper } from "./keeper";
import { type AuthenticationSettings, login, loginGuards } from "./login";
import { metrics } from "./metrics";
import { objectStore } from "./objectStore";
import { type PageSettings, page } from "./page";
import { apiLocations, clientRequests } from "./registryApi";
import { askedAtOnce, registryUpstream } from "./registryUpstream";
import { requestChecksFor } from "./requestChecks";
import { clientAddress, requestLimits } from "./requestLimits";
import { isWatched, requestLog, requestTables } from "./requestLog";
import { room } from "./room";
import { plainListener, tlsListener } from "./tls";
import { trustedFront } from "./trustedFront";

/** What the proxy's nginx.conf is rendered from. */
export interface NginxSettings
  extends AuthenticationSettings,
    Pick<ResolvedProxy, "snippet" | "trustedAddresses" | "diskGuard" | "quotas"> {
  /** Paths of the unix sockets on which the registry listens; each has the same images. */
  readonly registrySockets: readonly string[];
  /** Whether the registry keeps images in an object store. Defaults to false. */
  readonly objectStore?: boolean;
  /** Folder with the registry's data, if the proxy serves blobs from it. */
  readonly dataPath?: string;
  /** What the proxy keeps of blobs, if it does not serve them from there. */
  readonly blobCache?: BlobCacheSettings;
  /** Folder of the control volume, if there is a keeper. */
  readonly controlPath?: string;
  /** Port for clients inside the container. */
  readonly port: number;
  /** The same for clients that come by IPv6. Defaults to none. */
  readonly ipv6Port?: number;
  /** Serve without TLS, for a load balancer that does it. Defaults to false. */
  readonly plainHttp?: boolean;
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
  /** Whether there are tags that stay as they are. Defaults to false. */
  readonly hasImmutableTags?: boolean;
  /** What is written down of requests. Defaults to a line of text. */
  readonly log?: ResolvedLog;
  /** Who may read figures. Defaults to nobody: there are none. */
  readonly metrics?: ResolvedMetrics;
  /** The web application firewall. Defaults to none. */
  readonly waf?: WafSettings;
  /** The page for people. Defaults to none. */
  readonly page?: Pick<PageSettings, "files" | "folder">;
}

/** The proxy's nginx.conf. Paths are relative to it, so that a generation is moved as a whole. */
export function nginxConfig(settings: NginxSettings): string {
  const logged = loggedRequests(settings);
  const guards = loginGuards(settings.access, isWatched(logged));
  const entrance =
    settings.waf === undefined
      ? loginEntrance(guards.loginRequired)
      : firewall(settings.waf, guards.loggedIn, settings.hasImmutableTags ? lookAtTags : undefined);
  // In the order in which a request meets them: who asks, how often, for what.
  const features = [
    optional(settings.access, roomForUsers),
    settings.plainHttp
      ? plainListener(settings.port, settings.ipv6Port)
      : tlsListener(settings.port, settings.certificatePath, settings.ipv6Port),
    settings.verifiesClients ? clientCertificates : {},
    settings.objectStore ? objectStore(entrance.guard) : {},
    clientRequests,
    optional(settings.trustedAddresses, trustedFront),
    clientAddress,
    requestLimits(settings.limits),
    requestChecksFor(settings.access && "$allowed_mount"),
    optional(settings.access, (rules) => access(rules, settings.limits, entrance)),
    optional(settings.access, () => catalogue(entrance)),
    apiLocations(entrance),
    optional(settings.dataPath, (path) => blobs(path, entrance.guard)),
    optional(settings.blobCache, (cache) => blobCache(cache, entrance.guard)),
    // Before the entrance, which leads some requests elsewhere.
    optional(settings.controlPath, (controlPath) => room({ ...settings, controlPath }, entrance.guard)),
    entrance,
    blobDeletion(entrance.guard),
    settings.hasImmutableTags ? immutableTags(entrance) : {},
    optional(settings.controlPath, (path) => keeper(path, entrance.guard)),
    optional(settings.page, (own) => page({ ...own, ...toldBy(settings, own.folder) }, entrance)),
    // It stands in single quotes there.
    login({ ...settings, realm: settings.realm.replaceAll("'", "\\'") }),
    requestTables(logged),
    optional(settings.metrics, (readers) => metrics(readers, entrance.guard)),
    registryUpstream(settings.registrySockets),
  ];
  const { modules, http, server, locations } = joined(features);
  const loadModules = modules.map(
    (name) => `load_module ${entrance.modulesFolder}/ngx_http_${name}_module.so;`,
  );
  return `${loadModules.join("\n")}
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
${requestLog(logged)}  server_tokens off;
  default_type application/json;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
${http}
  server {
${server}${locations}${indented(settings.snippet ?? "", 4)}
  }

${healthServer(settings)}}
`;
}

/** What is written down of requests: the audit files are in the control volume, where the keeper removes them. */
function loggedRequests({ log = resolvedLog(), metrics, controlPath }: NginxSettings) {
  const hasAudit = log.auditDays > 0 && controlPath !== undefined;
  return {
    log,
    counts: metrics !== undefined,
    ...(hasAudit && { auditFolder: `${controlPath}/${auditFolder}` }),
  };
}

/** What the page can tell of a proxy. */
function toldBy({ plainHttp, certificatePath, controlPath }: NginxSettings, folder: string) {
  const served = certificatePath === undefined ? `${folder}/server.crt` : `${certificatePath}/chain.pem`;
  return { hasKeeper: controlPath !== undefined, certificate: plainHttp ? undefined : served };
}

/** For the container itself: its health check, and an activation that asks which configuration serves. */
function healthServer({ healthPort, generation, registrySockets }: NginxSettings): string {
  return `  server {
    listen 127.0.0.1:${healthPort};
    access_log off;

    location = /healthz {
      proxy_pass http://${askedAtOnce(registrySockets)}/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }

    location = /login {
      proxy_pass http://verifier/;
    }

    location = /generation {
      return 200 "${generation}";
    }
  }
`;
}

function indented(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, " ".repeat(spaces));
}
