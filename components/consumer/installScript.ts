import { caText, presented } from "./certificates";
import { type ClientSettings, registryFileName, shellQuoted } from "./client";
import { daemonJson } from "./clientFiles";
import { osTrustFiles } from "./osTrust";
import { credentials } from "./script/credentials";
import { daemon } from "./script/daemon";
import { files } from "./script/files";
import { hosts } from "./script/hosts";
import { main } from "./script/main";
import { messages } from "./script/messages";
import { records } from "./script/records";
import { runtimes } from "./script/runtimes";
import { shared } from "./script/shared";
import { tables } from "./script/tables";

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
# Connects a Linux machine's container runtimes to a private registry: as root those of the machine, as another user
# that user's own. --help says more.
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
[ -n "$HOME" ] || HOME=$(ID=$(id -u) awk -F: '$3 == ENVIRON["ID"] { print $6; exit }' /etc/passwd)
[ -n "$DOCKER_CONFIG" ] || DOCKER_CONFIG=$HOME/.docker
AUTH_FILE=$REGISTRY_AUTH_FILE
[ -n "$AUTH_FILE" ] || AUTH_FILE=$HOME/.config/containers/auth.json
RUNTIME_FOLDER=$XDG_RUNTIME_DIR
[ -n "$RUNTIME_FOLDER" ] || RUNTIME_FOLDER=/run/user/$(id -u)
export HOME DOCKER_CONFIG

# A user's runtimes look below ~/.config for what those of the machine have below /etc.
if [ "$(id -u)" -eq 0 ]; then
  ETC=/etc STATE=/var/lib/private-registry-client
else
  ETC=$HOME/.config STATE=$HOME/.private-registry-client
fi
RECORD_NAME=${shellQuoted(registryFileName(settings))}
RECORD=$STATE/$RECORD_NAME

# Stop at the first error and at an unset name; no file names from patterns ([::1] is one); files for root alone.
set -euf
umask 077`;
}
