import { writeFileSync } from "node:fs";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { output } from "../../tools/shell";
import { addressOf, proxyImage, registryImage } from "../../tools/temporaryStack";
import { Cgroups } from "../host/cgroups";
import { benchLabel, startContainer } from "../host/docker";
import { subfolder } from "../host/ramDisk";
import { registryYaml } from "./registryYaml";
import { seedConfig } from "./seedConfig";
import type { Target } from "./target";

const user = "testuser:testpassword";
const serve = ["serve", "/config/config.yml"];

/** The registry alone, without TLS and without passwords: the floor. */
export async function plainTarget(folder: string): Promise<Target> {
  const container = await registry("plain", folder, registryYaml({ accessLog: true }));
  const servers = await Cgroups.of([container]);
  return {
    name: "plain",
    title: "registry without TLS or login",
    host: await addressOf(container),
    port: 5000,
    tls: false,
    servers,
    front: servers,
  };
}

/** The registry with its own TLS and its own htpasswd, bcrypt cost 5, as `htpasswd -B` writes it. */
export async function nativeTarget(folder: string): Promise<Target> {
  const files = await secrets(folder, "native");
  const http = { tls: { certificate: "/seed/server.crt", key: "/seed/server.key" } };
  const auth = { htpasswd: { realm: "Registry Realm", path: "/seed/htpasswd" } };
  const config = registryYaml({ accessLog: true, http, auth });
  const container = await registry("native", folder, config, ["-v", `${files}:/seed:ro`]);
  const servers = await Cgroups.of([container]);
  const host = await addressOf(container);
  const title = "registry with native TLS";
  return { name: "native", title, host, port: 5000, tls: true, user, servers, front: servers };
}

/** nginx and registry by the recipe of seed 002. */
export async function seedTarget(folder: string): Promise<Target> {
  const files = await secrets(folder, "seed");
  writeFileSync(join(files, "nginx.conf"), seedConfig);
  const network = "bench-seed";
  await output(["docker", "network", "create", "--label", benchLabel, network]);
  const inNetwork = ["--network", network, "--network-alias", "registry"];
  const behind = await registry("seed", folder, registryYaml({ accessLog: false }), inNetwork);
  const mounts = ["--network", network, "-v", `${files}:/seed:ro`, "--entrypoint", "nginx"];
  const command = ["-c", "/seed/nginx.conf", "-g", "daemon off;"];
  const front = await startContainer("bench-seed-nginx", [...mounts, proxyImage, ...command]);
  return {
    name: "seed",
    title: "usual nginx recipe",
    host: await addressOf(front),
    port: 443,
    tls: true,
    user,
    servers: await Cgroups.of([behind, front]),
    front: await Cgroups.of([front]),
  };
}

async function registry(name: string, folder: string, config: string, extra: readonly string[] = []) {
  const data = subfolder(folder, `${name}-data`);
  const configFolder = subfolder(folder, `${name}-config`);
  writeFileSync(join(configFolder, "config.yml"), config);
  const volumes = ["-v", `${data}:/var/lib/registry`, "-v", `${configFolder}:/config:ro`];
  const quiet = ["-e", "OTEL_TRACES_EXPORTER=none"];
  return startContainer(`bench-${name}-registry`, [...volumes, ...quiet, ...extra, registryImage, ...serve]);
}

/** Key, certificate and users. The same kind of key as ours, so that handshakes do not decide. */
async function secrets(folder: string, name: string): Promise<string> {
  const files = subfolder(folder, `${name}-files`);
  const [login = "", password = ""] = user.split(":");
  const hash = (await bcrypt.hash(password, 5)).replace(/^\$2[ab]\$/, "$2y$");
  writeFileSync(join(files, "htpasswd"), `${login}:${hash}\n`);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const out = ["-keyout", join(files, "server.key"), "-out", join(files, "server.crt")];
  await output(["openssl", "req", "-x509", ...key, ...out, "-days", "2", "-subj", "/CN=localhost"]);
  return files;
}
