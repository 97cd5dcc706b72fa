import { join } from "node:path";
import { assignments, shellText } from "../../base/shellScript";
import { caText, presented } from "../kinds/certificates";
import { type ClientSettings, registryFileName } from "../kinds/client";
import { daemonJson } from "../kinds/clientFiles";
import { osTrustFiles } from "../kinds/osTrust";
import { tables } from "./tables";

/** The parts of the script that are the same for every registry, in their order. */
const parts = [
  ...["messages.sh", "records.sh", "runtimes.sh", "files.sh", "shared.sh", "hosts.sh", "daemon.sh"],
  ...["credentials.sh", "proveCertificate.sh", "prove.sh", "main.sh"],
];

/**
 * A POSIX sh script that connects a Linux machine's container runtimes to the registry: trust, name, plain HTTP where
 * there is no TLS, and credentials. Run again it brings the machine up to date and touches nothing that is right;
 * `--remove` leaves the machine byte for byte as it was, and `--prove` tries all that a client does. It works as a file and by stdin (`ssh host sh -s -- --remove`).
 *
 * It holds the password: treat it as a secret.
 */
export function installScript(settings: ClientSettings): string {
  const text = (file: string) => shellText(join(__dirname, file));
  const pieces = [
    head,
    assignments(values(settings)),
    text("environment.sh"),
    tables(settings).trim(),
    ...parts.map(text),
  ];
  return `${pieces.join("\n\n")}\n`;
}

const head = `#!/bin/sh
# Connects a Linux machine's container runtimes to a private registry: as root those of the machine, as another user
# that user's own. --help says more.
# Keep this file to yourself: it holds a password.
# shellcheck disable=SC2016  # Nothing is meant to expand in the values.`;

/** What is this registry's. */
function values(settings: ClientSettings) {
  const { addresses, username, password } = settings;
  const own = presented(settings);
  return {
    REGISTRY: addresses[0] ?? "",
    SCHEME: settings.plainHttp ? "http" : "https",
    ADDRESSES: addresses,
    CA_CERTIFICATE: caText(settings).trimEnd(),
    TRUST_FILES: Object.keys(osTrustFiles(settings)),
    CLIENT_CERTIFICATE: own?.certificatePem.trimEnd() ?? "",
    CLIENT_KEY: own?.privateKeyPem.trimEnd() ?? "",
    USERNAME: username,
    PASSWORD: password,
    AUTH: Buffer.from(`${username}:${password}`, "utf8").toString("base64"),
    HOSTS_ENTRY: settings.hostsEntry,
    DAEMON_JSON: daemonJson(settings.plainHttp ? addresses : []),
    RECORD_NAME: registryFileName(settings),
  };
}
