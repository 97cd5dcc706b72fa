import { accessTable } from "../access/accessTable";
import type { AccessUserArgs } from "../access/args";
import { contentHash } from "../base/contentHash";
import { filesPath, registryMetrics, registrySocket, verifierSocket } from "../docker/paths";
import { zoneFile } from "../docker/timeZone";
import { encoded, type Files, type Generation } from "../docker/uploads";
import { keeperMetricsFiles } from "../keeper/program/metricsFiles";
import { accessScripts } from "./access/accessScripts";
import type { RegistryProxyArgs } from "./args";
import { usersFile } from "./credentialVerifier";
import type { ResolvedProxy } from "./defaults";
import type { BlobCacheSettings } from "./nginx/blobCache";
import { clientCaFile } from "./nginx/clientCertificates";
import { keeperScriptFile } from "./nginx/keeper";
import { decoyUser } from "./nginx/login";
import { nginxConfig } from "./nginx/nginxConfig";
import { waitScriptFile } from "./nginx/registryUpstream";
import { pageFileNames, pageFiles } from "./page/pageFiles";
import { keeperRequestsScript, loginScript, metricsScripts, waitScript } from "./proxyScripts";
import { wafRules } from "./waf/wafRules";

/** Name of the rules' configuration among the files of the proxy. */
const rulesFile = "waf.conf";

/** The files that nginx was started with, in the container of the proxy. */
const servingPath = "/tmp/serving";

/**
 * A day: longer than any transfer that anybody waits for. Each reload during a transfer leaves an old worker, of some MB,
 * until that transfer ends.
 */
const oldWorkerSeconds = 24 * 60 * 60;

/** What the files of the proxy are made of. */
export interface ProxyFilesSettings
  extends Pick<
      ResolvedProxy,
      | "realm"
      | "waf"
      | "snippet"
      | "limits"
      | "trustedAddresses"
      | "timeZone"
      | "diskGuard"
      | "quotas"
      | "access"
      | "immutableTags"
      | "names"
    >,
    Partial<Pick<ResolvedProxy, "log" | "metrics" | "objectStore">> {
  /** Whether there is a page for people. Defaults to false. */
  readonly page?: boolean;
  /** Groups of users, and ends of their logins. Defaults to none. */
  readonly users?: readonly AccessUserArgs[];
  /** Key of tokens, where rules decide about requests. */
  readonly tokenKey?: string;
  /** None for plain HTTP, and for a certificate that is taken from a volume. */
  readonly certificateChain?: string;
  readonly privateKey?: string;
  /** Folder of a certificate that is not among the files. */
  readonly certificatePath?: string;
  /** PEM of authorities; a client must present a certificate of one of them. */
  readonly clientCaCertificates?: string;
  /** Text of the htpasswd file. */
  readonly htpasswd: string;
  /** bcrypt hash of a password that nobody knows. */
  readonly decoyHash: string;
  /** Port for clients inside the container. */
  readonly port: number;
  /** The same for clients that come by IPv6. Defaults to none. */
  readonly ipv6Port?: number;
  readonly healthPort: number;
  /** Folder with the registry's data, if the proxy serves blobs from it. */
  readonly dataPath?: string;
  /** What the proxy keeps of blobs, if it does not serve them from there. */
  readonly blobCache?: BlobCacheSettings;
  /** Paths of the sockets on which registries listen. Defaults to the one of a registry alone. */
  readonly registrySockets?: readonly string[];
  /** Folder of the control volume, if there is a keeper. */
  readonly controlPath?: string;
}

/** One generation of files. Its name is in nginx.conf too, by which an activation knows what nginx serves. */
export function proxyGeneration(settings: ProxyFilesSettings): Generation {
  const { certificateChain, privateKey, waf, tokenKey, immutableTags } = settings;
  const { registrySockets = [registrySocket] } = settings;
  const htpasswd = `${settings.htpasswd.trimEnd()}\n${decoyUser}:${settings.decoyHash}\n`;
  const rules = tokenKey === undefined ? undefined : rulesFrom(settings, tokenKey);
  const nginx = (generation: string) => ({
    "nginx.conf": encoded(
      nginxConfig({
        ...settings,
        oldWorkerSeconds,
        plainHttp: certificateChain === undefined && settings.certificatePath === undefined,
        verifiesClients: settings.clientCaCertificates !== undefined,
        waf: waf && { ...waf, rulesPath: `${filesPath}/${generation}/${rulesFile}` },
        users: loginsIn(settings.htpasswd).map((line) => line.slice(0, line.indexOf(":"))),
        access: rules && { table: rules.table, version: rules.version, names: settings.names },
        hasImmutableTags: immutableTags !== undefined,
        page: settings.page ? { files: pageFileNames, folder: `${filesPath}/${generation}` } : undefined,
        usersHash: contentHash({ [usersFile]: htpasswd }),
        registrySockets,
        verifierSocket,
        generation,
      }),
    ),
  });
  const others = {
    "login.js": encoded(loginScript()),
    ...(registrySockets.length === 1 && { [waitScriptFile]: encoded(waitScript()) }),
    ...rules?.files,
    ...(settings.controlPath !== undefined && {
      [keeperScriptFile]: encoded(keeperScript(settings, settings.controlPath)),
    }),
    ...watchScripts(settings),
    ...(certificateChain !== undefined && { "server.crt": encoded(certificateChain) }),
    ...(privateKey !== undefined && { "server.key": encoded(privateKey) }),
    ...(settings.clientCaCertificates !== undefined && {
      [clientCaFile]: encoded(settings.clientCaCertificates),
    }),
    ...(settings.page && encodedAll(pageFiles())),
    [usersFile]: encoded(htpasswd),
    ...(waf && { [rulesFile]: encoded(wafRules(waf)) }),
    ...zoneFile(settings.timeZone),
  };
  const name = contentHash({ ...others, ...nginx("") });
  return { name, files: { ...others, ...nginx(name) } };
}

function keeperScript({ log, metrics, tokenKey }: ProxyFilesSettings, controlPath: string): string {
  const isAudited = log !== undefined && log.auditDays > 0;
  return keeperRequestsScript({
    controlPath,
    hasRules: tokenKey !== undefined,
    isWatched: isAudited || metrics !== undefined || log?.format === "json",
    isAudited,
  });
}

/** What adds up and answers with figures. */
function watchScripts(settings: ProxyFilesSettings): Files {
  const { metrics, tokenKey, controlPath, users = [] } = settings;
  const folder = settings.certificatePath ?? servingPath;
  const file = settings.certificatePath === undefined ? "server.crt" : "chain.pem";
  const hasTls = (settings.certificateChain ?? settings.certificatePath) !== undefined;
  const ends = users.flatMap(({ name, expires }) =>
    expires === undefined ? [] : [[name, Date.parse(`${expires}T23:59:59Z`) / 1000] as const],
  );
  const scripts = metrics
    ? metricsScripts(
        {
          certificate: hasTls ? `${folder}/${file}` : "",
          loginEnds: Object.fromEntries(ends),
          users: metrics.users,
          files: metricsFiles(controlPath),
        },
        tokenKey !== undefined,
      )
    : {};
  return encodedAll(scripts);
}

/** Where keeper and registry write their figures. */
function metricsFiles(controlPath: string | undefined) {
  const ofKeeper =
    controlPath === undefined ? [] : keeperMetricsFiles.map((name) => `${controlPath}/state/${name}`);
  return [...ofKeeper.map((path) => ({ path })), { path: registryMetrics, fleeting: true }];
}

/** Whether rules decide about requests, and the proxy needs a key for tokens. */
export function hasRules(
  args: Pick<RegistryProxyArgs, "access" | "immutableTags"> & { readonly users: readonly AccessUserArgs[] },
): boolean {
  return (
    args.access !== undefined ||
    args.immutableTags !== undefined ||
    args.users.some(({ expires }) => expires !== undefined)
  );
}

function rulesFrom(
  { access, users = [], htpasswd, immutableTags = [] }: ProxyFilesSettings,
  tokenKey: string,
) {
  const table = accessTable({ access, users, logins: loginsIn(htpasswd), tokenKey });
  const scripts = accessScripts({ table, immutableTags, tokenKey });
  return {
    table,
    version: contentHash({ ...scripts, table: JSON.stringify(table) }),
    files: encodedAll(scripts),
  };
}

function encodedAll(texts: { readonly [name: string]: string }): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, encoded(text)]));
}

/** Lines of a htpasswd file. */
function loginsIn(htpasswd: string): string[] {
  return htpasswd.split("\n").filter((line) => line.includes(":"));
}
