import { buildkit, buildkitFile, buildkitToml } from "./buildkit";
import { caText, presented } from "./certificates";
import { type ClientSettings, registryFileName, shellQuoted } from "./client";
import { daemonJson } from "./clientFiles";
import { containerdFiles } from "./containerd";
import { docker } from "./docker";
import { k3s, registriesFile, registriesYaml, rke2 } from "./k3s";
import { osTrustFiles } from "./osTrust";
import { podmanFiles } from "./podman";
import { credentials } from "./script/credentials";
import { daemon } from "./script/daemon";
import { files } from "./script/files";
import { hosts } from "./script/hosts";
import { main } from "./script/main";
import { messages } from "./script/messages";
import { records } from "./script/records";
import { runtimes } from "./script/runtimes";
import { shared } from "./script/shared";

/**
 * A POSIX sh script that connects a Linux machine's container runtimes to the registry: trust, name, plain HTTP where
 * there is no TLS, and credentials. Run again it brings the machine up to date and touches nothing that is right;
 * `--remove` leaves the machine byte for byte as it was. It works as a file and by stdin (`ssh host sh -s -- --remove`).
 *
 * It holds the password: treat it as a secret.
 */
export function installScript(settings: ClientSettings): string {
  const steps = [files, shared, hosts, daemon, credentials];
  const pieces = [head(settings), tables(settings), messages, records, runtimes, ...steps, main];
  return pieces
    .map((piece) => piece.trim())
    .join("\n\n")
    .concat("\n");
}

/** The values of this registry, and the environment. */
function head(settings: ClientSettings): string {
  const { addresses, username, password } = settings;
  const [registry = ""] = addresses;
  const own = presented(settings);
  return `#!/bin/sh
# Connects this Linux machine's container runtimes to a private registry. Run as root; --help says more.
# Keep this file to yourself: it holds a password.
# shellcheck disable=SC2016  # Nothing is meant to expand in the values.

REGISTRY=${shellQuoted(registry)}
ADDRESSES=${shellQuoted(addresses.join("\n"))}
CA_CERTIFICATE=${shellQuoted(caText(settings).trimEnd())}
TRUST_FILES=${shellQuoted(Object.keys(osTrustFiles(settings)).join("\n"))}
CLIENT_CERTIFICATE=${shellQuoted(own?.certificatePem.trimEnd() ?? "")}
CLIENT_KEY=${shellQuoted(own?.privateKeyPem.trimEnd() ?? "")}
USERNAME=${shellQuoted(username)}
PASSWORD=${shellQuoted(password)}
AUTH=${shellQuoted(Buffer.from(`${username}:${password}`, "utf8").toString("base64"))}
HOSTS_ENTRY=${shellQuoted(settings.hostsEntry)}
DAEMON_JSON=${shellQuoted(daemonJson(settings.plainHttp ? addresses : []))}

# Set by the machine, if at all (a cloud-init job has no HOME).
[ -n "$HOME" ] || HOME=/root
[ -n "$DOCKER_CONFIG" ] || DOCKER_CONFIG=$HOME/.docker
AUTH_FILE=$REGISTRY_AUTH_FILE
[ -n "$AUTH_FILE" ] || AUTH_FILE=$HOME/.config/containers/auth.json
export HOME DOCKER_CONFIG

STATE=/var/lib/private-registry-client
RECORD_NAME=${shellQuoted(registryFileName(settings))}
RECORD=$STATE/$RECORD_NAME

# Stop at the first error and at an unset name; no file names from patterns ([::1] is one); files for root alone.
set -euf
umask 077`;
}

/** What each runtime needs, as shell functions. Everything after them is the same for every registry. */
function tables(settings: ClientSettings): string {
  const own: { [runtime: string]: { readonly [path: string]: string } } = {
    docker: docker(settings).files,
    podman: podmanFiles(settings),
    containerd: containerdFiles(settings),
    k3s: k3s(settings).files,
    rke2: rke2(settings).files,
    buildkit: buildkit(settings).files,
  };
  const contents = Object.assign({}, ...Object.values(own)) as { [path: string]: string };
  // These are in a variable each, and not once more for every folder.
  const isCertificate = (path: string) => /\/(ca\.crt|client\.cert|client\.key)$/.test(path);
  const parts: { [runtimeAndSection: string]: string } = {
    buildkit: buildkitToml(settings),
    "buildkit tables": buildkitToml(settings),
    ...yamlParts(settings, "k3s"),
    ...yamlParts(settings, "rke2"),
  };
  const print = (text: string) => (text === "" ? ":" : `printf '%s\\n' ${shellQuoted(text.trimEnd())}`);
  const cases = (texts: { readonly [pattern: string]: string }, before = "") =>
    Object.entries(texts).map(([pattern, text]) => `    ${before}${shellQuoted(pattern)}) ${print(text)} ;;`);
  return `
# --- What each runtime needs -----------------------------------------------------------------------------------
# files_of RUNTIME: paths of the files that are ours alone.
files_of() {
  case $1 in
${cases(Object.fromEntries(Object.entries(own).map(([runtime, all]) => [runtime, Object.keys(all).join("\n")]))).join("\n")}
    os-trust) os_trust_files ;;
  esac
}

# os_trust_files: each authority in a file of its own, because the system's program reads one of a file.
os_trust_files() {
  folder=$(os_trust_folder)
  for name in $TRUST_FILES; do printf '%s\\n' "$folder/$name"; done
}

# content_of PATH
content_of() {
  case $1 in
${cases(Object.fromEntries(Object.entries(contents).filter(([path]) => !isCertificate(path)))).join("\n")}
${cases(osTrustFiles(settings), "*/").join("\n")}
    */client.cert) printf '%s\\n' "$CLIENT_CERTIFICATE" ;;
    */client.key) printf '%s\\n' "$CLIENT_KEY" ;;
    *) printf '%s\\n' "$CA_CERTIFICATE" ;;
  esac
}

# shared_file_of RUNTIME, sections_of RUNTIME: a file that others share, and what it is made of.
shared_file_of() {
  case $1 in
${cases({ k3s: registriesFile("k3s"), rke2: registriesFile("rke2"), buildkit: buildkitFile }).join("\n")}
  esac
}

sections_of() {
  case $1 in
${cases({ k3s: "mirrors configs", rke2: "mirrors configs", buildkit: "tables" }).join("\n")}
  esac
}

# part_of RUNTIME [SECTION]: our part of it; without a section the whole.
part_of() {
  case $* in
${cases(parts).join("\n")}
  esac
}`;
}

function yamlParts(settings: ClientSettings, distribution: "k3s" | "rke2"): { [name: string]: string } {
  const { mirrors, configs } = registriesYaml(settings, distribution);
  return {
    [`${distribution} mirrors`]: mirrors,
    [`${distribution} configs`]: configs,
    [distribution]: `mirrors:\n${mirrors}configs:\n${configs}`,
  };
}
