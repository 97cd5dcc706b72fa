import { clientFiles } from "./clientFiles";
import { certificates } from "./script/certificates";
import { credentials } from "./script/credentials";
import { daemon } from "./script/daemon";
import { hosts } from "./script/hosts";
import { main } from "./script/main";
import { messages } from "./script/messages";
import { records } from "./script/records";

/** What the install script puts on a client. */
export interface InstallScriptSettings {
  /** The registry's addresses as `registryAddress` gives them, at least one; the first names the registry. */
  readonly addresses: readonly string[];
  /** PEM of the authority to trust; "" for a public one. */
  readonly caCertificate: string;
  /** Login name. */
  readonly username: string;
  /** Its password. */
  readonly password: string;
  /** A line for `/etc/hosts` as `hostsEntry` gives it; "" for none. */
  readonly hostsEntry: string;
  /** A fragment for `daemon.json` as `daemonJson` gives it, for the same addresses; `{}` with TLS. */
  readonly daemonJson: string;
}

/**
 * A POSIX sh script that connects a Linux Docker host to the registry: trust, name, plain HTTP where there is no
 * TLS, and credentials. Run again it brings the machine up to date and touches nothing that is right; `--remove`
 * leaves the machine byte for byte as it was. It works as a file and by stdin (`ssh host sh -s -- --remove`).
 *
 * It holds the password: treat it as a secret.
 */
export function installScript(settings: InstallScriptSettings): string {
  const pieces = [head(settings), messages, records, certificates, hosts, daemon, credentials, main];
  return pieces
    .map((piece) => piece.trim())
    .join("\n\n")
    .concat("\n");
}

/** The values of this registry, and the environment. Everything after it is the same for every registry. */
function head(settings: InstallScriptSettings): string {
  const [registry = ""] = settings.addresses;
  const files = Object.keys(clientFiles(settings.addresses, settings.caCertificate));
  return `#!/bin/sh
# Connects this Linux Docker host to a private registry. Run as root; --help says more.
# Keep this file to yourself: it holds a password.
# shellcheck disable=SC2016  # Nothing is meant to expand in the values.

REGISTRY=${shellQuote(registry)}
ADDRESSES=${shellQuote(settings.addresses.join("\n"))}
CERTIFICATES=${shellQuote(files.join("\n"))}
CA_CERTIFICATE=${shellQuote(settings.caCertificate.trimEnd())}
USERNAME=${shellQuote(settings.username)}
PASSWORD=${shellQuote(settings.password)}
HOSTS_ENTRY=${shellQuote(settings.hostsEntry)}
DAEMON_JSON=${shellQuote(settings.daemonJson)}

# Set by the machine, if at all (a cloud-init job has no HOME).
[ -n "$HOME" ] || HOME=/root
[ -n "$DOCKER_CONFIG" ] || DOCKER_CONFIG=$HOME/.docker
export HOME DOCKER_CONFIG

STATE=/var/lib/private-registry-client
RECORD_NAME=${shellQuote(recordName(registry))}
RECORD=$STATE/$RECORD_NAME

# Stop at the first error and at an unset name; no file names from patterns ([::1] is one); files for root alone.
set -euf
umask 077`;
}

/** The folder of this registry below `/var/lib/private-registry-client`. */
function recordName(address: string): string {
  return address.replace(/[^A-Za-z0-9.-]/g, "_");
}

/** A value as one word of the shell, whatever it holds: in single quotes nothing but the quote itself is special. */
function shellQuote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
