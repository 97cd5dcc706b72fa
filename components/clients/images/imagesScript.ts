import { join } from "node:path";
import { isIpAddress } from "../../base/hostnames";
import { assignments, shellText } from "../../base/shellScript";
import { day, repositoryName, sha256Digest, sha512Digest, tag, userName } from "../../registry/grammar";
import type { ClientSettings } from "../kinds/client";

/** The parts of the script that are the same for every registry, in their order. */
const parts = ["login.sh", "messages.sh", "arguments.sh", "ask.sh", "main.sh"];

/** What the command needs to know of the registry. */
export interface ImagesSettings extends Pick<ClientSettings, "addresses" | "caCertificate" | "hostsEntry"> {
  /** Whether the registry asks for a client certificate. Defaults to false. */
  readonly clientCertificates?: boolean;
}

/**
 * A POSIX sh script that lists, deletes, restores and verifies the images of the registry, and gives their space back:
 * it asks the keeper, over HTTPS, as a user of the registry. It needs curl, and holds no secret.
 */
export function imagesScript(settings: ImagesSettings): string {
  const [address = ""] = settings.addresses;
  const values = {
    REGISTRY: address,
    CA_CERTIFICATE: settings.caCertificate.trimEnd(),
    CLIENT_CERTIFICATES: settings.clientCertificates ?? false,
    RESOLVE: resolved(address, settings.hostsEntry),
    REPOSITORY_NAME: extended(repositoryName),
    TAG: extended(tag),
    USER_NAME: userName,
    DAY: day,
    DIGEST: extended(`${sha256Digest}|${sha512Digest}`),
  };
  const text = (file: string) => shellText(join(__dirname, file));
  return `${[head, assignments(values), ...parts.map(text)].join("\n\n")}\n`;
}

const head = `#!/bin/sh
# What is in a private registry, what goes, and its space back. --help says more.
# shellcheck disable=SC2016  # Nothing is meant to expand in the values.`;

/** An expression of the grammar as POSIX writes it (extended regular expressions). */
function extended(expression: string): string {
  return expression.replaceAll("(?:", "(");
}

/** Name, port and address as curl takes them, for a name that DNS does not know; "" if it does, or for an address. */
function resolved(address: string, hostsEntry: string): string {
  const [, host = "", port = "443"] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  const [ip = ""] = hostsEntry.split(" ");
  if (ip === "" || address.startsWith("[") || isIpAddress(host)) return "";
  return `${host}:${port}:${ip.includes(":") ? `[${ip}]` : ip}`;
}
