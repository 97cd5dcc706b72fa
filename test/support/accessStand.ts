// A real proxy before a real registry, whose files a test may change within a moment. Logins are checked by the test
// itself, as bcrypt is not what it is about.
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccessRuleArgs, ImmutableTagsArgs } from "../../components/access/args";
import { serviceUid } from "../../components/docker/containerSettings";
import {
  dataPath,
  filesPath,
  registrySocket,
  socketPath,
  verifierPath,
  verifierSocket,
} from "../../components/docker/paths";
import type { RequestLimitArgs } from "../../components/proxy/args";
import { resolvedRequestLimits } from "../../components/proxy/defaults";
import { startScript } from "../../components/proxy/proxyScripts";
import { resolvedWaf } from "../../components/proxy/waf/defaults";
import { ruleSetLink } from "../../components/proxy/waf/wafRules";
import type { LogArgs, MetricsArgs } from "../../components/watch/args";
import { resolvedLog, resolvedMetrics } from "../../components/watch/defaults";
import { output, run, until } from "../../tools/shell";
import { proxyImage, registryImage, wafImage } from "../../tools/temporaryStack";
import type { Person } from "./accessModel";
import { type Answer, askPlain, type RequestOptions } from "./client";
import { filesOf, putFiles } from "./proxyFiles";
import { plainRequest } from "./rawRequest";
import { issue } from "./x509";

/** What a proxy is to know. */
export interface StandSettings {
  readonly users: readonly Person[];
  readonly access?: readonly AccessRuleArgs[];
  readonly immutableTags?: readonly ImmutableTagsArgs[];
  readonly limits?: RequestLimitArgs;
  readonly hasFirewall?: boolean;
  /** A further port, with TLS. Defaults to none. */
  readonly tlsPort?: number;
  readonly log?: LogArgs;
  readonly metrics?: MetricsArgs;
  /** Whether a push is refused while the keeper's flag says that the disk is full. Defaults to false. */
  readonly hasDiskGuard?: boolean;
  /** Whether blobs come from the disk. Defaults to true. */
  readonly servesBlobs?: boolean;
  /** Changes a file by its name. */
  readonly mutate?: (name: string, text: string) => string;
}

export interface Stand {
  /** Brings other files into use, and waits until they answer. */
  use(settings: StandSettings): Promise<void>;
  ask(path: string, options?: RequestOptions): Promise<Answer>;
  /** Sends bytes as they are, and answers all that comes back within a second. */
  send(text: string): Promise<string>;
  /** Where the registry itself listens. */
  readonly socket: string;
  readonly proxy: string;
  readonly registry: string;
  /** Starts the proxy anew. */
  restart(): Promise<void>;
  log(): Promise<string>;
  remove(): Promise<void>;
}

/** The password of a user, as long as no other one is given. */
export const passwordOf = (name: string) => `password of ${name}`;

const registryConfig = `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${dataPath}}, delete: {enabled: true}}
http: {net: unix, addr: ${registrySocket}, relativeurls: true}
`;

/** Starts registry and proxy. */
export async function accessStand(name: string, port: number, first: StandSettings): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-stand-"));
  const at = (...parts: string[]) => join(folder, ...parts);
  chmodSync(folder, 0o755);
  for (const part of ["files", "socket", "verifier", "data"]) {
    mkdirSync(at(part));
    chownSync(at(part), serviceUid, serviceUid);
  }
  writeFileSync(at("registry.yml"), registryConfig);
  const passwords = new Map<string, string>();
  const verifier = await verifierAt(at("verifier", verifierSocket.slice(verifierPath.length + 1)), passwords);
  const [registry, proxy] = [
    `private-registry-stand-${name}-registry`,
    `private-registry-stand-${name}-proxy`,
  ];
  await run(["docker", "rm", "-f", registry, proxy]);
  let uses = 0;
  const ask = (path: string, options?: RequestOptions) => askPlain(port, path, options);
  // A worker of before may take a connection or two while it ends.
  const served = async () => {
    for (let time = 0; time < 20; time++)
      if ((await ask("/of-the-test").catch(() => undefined))?.body !== String(uses)) return false;
    return true;
  };

  const write = (settings: StandSettings) => {
    passwords.clear();
    for (const user of settings.users) passwords.set(user.name, user.password ?? passwordOf(user.name));
    const generation = generationOf(settings, ++uses);
    putFiles(at("files"), generation, (file, content) =>
      settings.mutate ? changed(settings, file, content.toString(), uses) : content,
    );
    const rules = at("files", generation.name, ruleSetLink);
    if (settings.hasFirewall && !existsSync(rules)) symlinkSync("/usr/share/modsecurity-crs", rules);
  };

  write(first);
  const user = ["--user", `${serviceUid}:${serviceUid}`];
  const mount = (part: string, path: string, mode = "rw") => ["-v", `${at(part)}:${path}:${mode}`];
  await output([
    ...["docker", "run", "-d", "--name", registry, "--network", "none", ...user],
    ...[
      ...mount("socket", socketPath),
      ...mount("data", dataPath),
      ...mount("registry.yml", "/config.yml", "ro"),
    ],
    ...[registryImage, "serve", "/config.yml"],
  ]);
  await output([
    ...["docker", "run", "-d", "--name", proxy, ...user, "-p", `127.0.0.1:${port}:8080`],
    ...(first.tlsPort === undefined ? [] : ["-p", `127.0.0.1:${first.tlsPort}:8443`]),
    ...[
      ...mount("files", filesPath, "ro"),
      ...mount("socket", socketPath),
      ...mount("verifier", verifierPath),
    ],
    ...[...mount("data", dataPath, "ro"), "--tmpfs", "/tmp:mode=1777,size=64m", "--entrypoint", "sh"],
    ...[first.hasFirewall ? wafImage : proxyImage, "-c", startScript()],
  ]);
  const log = async () => {
    const { stdout, stderr } = await run(["docker", "logs", proxy]);
    return stdout + stderr;
  };
  await until("the proxy answers", served).catch(async () => {
    throw new Error(`the proxy does not start:\n${await log()}`);
  });
  return {
    ask,
    send: (text) => plainRequest(port, text),
    log,
    proxy,
    registry,
    socket: at("socket", registrySocket.slice(socketPath.length + 1)),
    async use(settings) {
      write(settings);
      await output(["docker", "kill", "-s", "HUP", proxy]);
      await until("the proxy answers with other files", served).catch(async () => {
        throw new Error(`the proxy refuses its files:\n${(await log()).slice(-2000)}`);
      });
    },
    async restart() {
      await output(["docker", "restart", "-t", "2", proxy]);
      await until("the proxy answers", served);
    },
    async remove() {
      await run(["docker", "rm", "-f", registry, proxy]);
      verifier.close();
      verifier.closeAllConnections();
      rmSync(folder, { recursive: true });
    },
  };
}

function generationOf(settings: StandSettings, use: number) {
  const { hasFirewall = false, servesBlobs = true, users, limits } = settings;
  const withTls = settings.tlsPort !== undefined;
  return filesOf({
    waf: hasFirewall ? resolvedWaf({}) : undefined,
    snippet: `${withTls ? "listen 8080;\n" : ""}location = /of-the-test { return 200 "${use}"; }\n`,
    ...(withTls && served()),
    limits: resolvedRequestLimits({ loginsPerSecond: 1000, ...limits }),
    access: settings.access?.map((rule) => rule),
    diskGuard: settings.hasDiskGuard ?? false,
    users: users.map(({ name, groups, expires }) => ({ name, groups: [...(groups ?? [])], expires })),
    immutableTags: settings.immutableTags?.map((rule) => rule),
    log: resolvedLog(settings.log),
    metrics: settings.metrics && resolvedMetrics(settings.metrics),
    names: ["registry.test"],
    tokenKey: settings.access || settings.immutableTags ? "the key of tokens" : undefined,
    htpasswd: users
      .map(
        ({ name, password = passwordOf(name) }) =>
          `${name}:${createHash("sha256").update(password).digest("hex")}\n`,
      )
      .join(""),
    decoyHash: "no hash",
    port: withTls ? 8443 : 8080,
    healthPort: 8081,
    // In the memory of the proxy: no keeper takes anything from there.
    controlPath: "/tmp/control",
    dataPath: servesBlobs ? dataPath : undefined,
  });
}

function served() {
  const { certificatePem, privateKeyPem } = issue({ commonName: "registry.test", names: ["registry.test"] });
  return { certificateChain: certificatePem, privateKey: privateKeyPem };
}

/** A file of other scripts, whose decisions are not those of before. */
function changed({ mutate }: StandSettings, file: string, text: string, use: number): string {
  const other =
    file === "nginx.conf"
      ? text.replace(/(?<=map \$asked_repository \$decision \{\s+default ")/, `${use}-`)
      : text;
  return mutate?.(file, other) ?? other;
}

/** In place of the verifier: knows passwords as they are. */
async function verifierAt(socket: string, passwords: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const login = Buffer.from(
      (request.headers.authorization ?? "").replace(/^basic /i, ""),
      "base64",
    ).toString();
    const [name = ""] = login.split(":", 1);
    const password = passwords.get(name);
    response.statusCode = password !== undefined && login === `${name}:${password}` ? 200 : 401;
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  // A test that fails at its start shall end.
  server.unref();
  chmodSync(socket, 0o666);
  return server;
}
