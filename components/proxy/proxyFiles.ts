import { contentHash } from "../base/contentHash";
import { filesPath, registrySocket, verifierSocket } from "../docker/paths";
import { zoneFile } from "../docker/timeZone";
import { encoded, type Generation } from "../docker/uploads";
import { usersFile } from "./credentialVerifier";
import type { ResolvedProxy } from "./defaults";
import { clientCaFile } from "./nginx/clientCertificates";
import { keeperScriptFile } from "./nginx/keeper";
import { decoyUser } from "./nginx/login";
import { nginxConfig } from "./nginx/nginxConfig";
import { keeperRequestsScript, verdictScript } from "./proxyScripts";
import { wafRules } from "./waf/wafRules";

/** Name of the rules' configuration among the files of the proxy. */
const rulesFile = "waf.conf";

/**
 * A day: longer than any transfer that anybody waits for. Each reload during a transfer leaves an old worker, of some MB,
 * until that transfer ends.
 */
const oldWorkerSeconds = 24 * 60 * 60;

/** What the files of the proxy are made of. */
export interface ProxyFilesSettings
  extends Pick<
    ResolvedProxy,
    "realm" | "waf" | "snippet" | "limits" | "trustedAddresses" | "timeZone" | "diskGuard" | "quotas"
  > {
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
  readonly healthPort: number;
  /** Folder with the registry's data, if the proxy serves blobs from it. */
  readonly dataPath?: string;
  /** Folder of the control volume, if there is a keeper. */
  readonly controlPath?: string;
}

/** One generation of files. Its name is in nginx.conf too, by which an activation knows what nginx serves. */
export function proxyGeneration(settings: ProxyFilesSettings): Generation {
  const { certificateChain, privateKey, waf } = settings;
  const htpasswd = `${settings.htpasswd.trimEnd()}\n${decoyUser}:${settings.decoyHash}\n`;
  const nginx = (generation: string) => ({
    "nginx.conf": encoded(
      nginxConfig({
        ...settings,
        oldWorkerSeconds,
        plainHttp: certificateChain === undefined && settings.certificatePath === undefined,
        verifiesClients: settings.clientCaCertificates !== undefined,
        waf: waf && { ...waf, rulesPath: `${filesPath}/${generation}/${rulesFile}` },
        users: userNames(settings.htpasswd),
        usersHash: contentHash({ [usersFile]: htpasswd }),
        registrySocket,
        verifierSocket,
        generation,
      }),
    ),
  });
  const others = {
    "verdict.js": encoded(verdictScript()),
    ...(settings.controlPath !== undefined && {
      [keeperScriptFile]: encoded(keeperRequestsScript(settings.controlPath)),
    }),
    ...(certificateChain !== undefined && { "server.crt": encoded(certificateChain) }),
    ...(privateKey !== undefined && { "server.key": encoded(privateKey) }),
    ...(settings.clientCaCertificates !== undefined && {
      [clientCaFile]: encoded(settings.clientCaCertificates),
    }),
    [usersFile]: encoded(htpasswd),
    ...(waf && { [rulesFile]: encoded(wafRules(waf)) }),
    ...zoneFile(settings.timeZone),
  };
  const name = contentHash({ ...others, ...nginx("") });
  return { name, files: { ...others, ...nginx(name) } };
}

function userNames(htpasswd: string): string[] {
  return htpasswd
    .split("\n")
    .filter((line) => line.includes(":"))
    .map((line) => line.slice(0, line.indexOf(":")));
}
