import { type ClientSettings, registryFileName, shellQuoted } from "./client";
import { clientFiles, daemonJson } from "./clientFiles";
import { certificates } from "./script/certificates";
import { credentials } from "./script/credentials";
import { daemon } from "./script/daemon";
import { hosts } from "./script/hosts";
import { main } from "./script/main";
import { messages } from "./script/messages";
import { records } from "./script/records";

/**
 * A POSIX sh script that connects a Linux Docker host to the registry: trust, name, plain HTTP where there is no
 * TLS, and credentials. Run again it brings the machine up to date and touches nothing that is right; `--remove`
 * leaves the machine byte for byte as it was. It works as a file and by stdin (`ssh host sh -s -- --remove`).
 *
 * It holds the password: treat it as a secret.
 */
export function installScript(settings: ClientSettings): string {
  const pieces = [head(settings), messages, records, certificates, hosts, daemon, credentials, main];
  return pieces
    .map((piece) => piece.trim())
    .join("\n\n")
    .concat("\n");
}

/** The values of this registry, and the environment. Everything after it is the same for every registry. */
function head(settings: ClientSettings): string {
  const [registry = ""] = settings.addresses;
  const files = Object.keys(clientFiles(settings.addresses, settings.caCertificate));
  return `#!/bin/sh
# Connects this Linux Docker host to a private registry. Run as root; --help says more.
# Keep this file to yourself: it holds a password.
# shellcheck disable=SC2016  # Nothing is meant to expand in the values.

REGISTRY=${shellQuoted(registry)}
ADDRESSES=${shellQuoted(settings.addresses.join("\n"))}
CERTIFICATES=${shellQuoted(files.join("\n"))}
CA_CERTIFICATE=${shellQuoted(settings.caCertificate.trimEnd())}
USERNAME=${shellQuoted(settings.username)}
PASSWORD=${shellQuoted(settings.password)}
HOSTS_ENTRY=${shellQuoted(settings.hostsEntry)}
DAEMON_JSON=${shellQuoted(daemonJson(settings.insecureAddresses ?? []))}

# Set by the machine, if at all (a cloud-init job has no HOME).
[ -n "$HOME" ] || HOME=/root
[ -n "$DOCKER_CONFIG" ] || DOCKER_CONFIG=$HOME/.docker
export HOME DOCKER_CONFIG

STATE=/var/lib/private-registry-client
RECORD_NAME=${shellQuoted(registryFileName(settings))}
RECORD=$STATE/$RECORD_NAME

# Stop at the first error and at an unset name; no file names from patterns ([::1] is one); files for root alone.
set -euf
umask 077`;
}
