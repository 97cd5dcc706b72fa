import { type CertificatePaths, certificateFiles, certificatePaths } from "./certificates";
import { type ClientBundle, type ClientSettings, stringLiteral, urlOf } from "./client";

/** The folder that `config_path` names. */
export const containerdCertificates = "/etc/containerd/certs.d";

const CONFIG = "/etc/containerd/config.toml";

/** containerd 1.x, its Kubernetes plug-in included. The files are read at each connection. */
export function containerd1(settings: ClientSettings): ClientBundle {
  return client(settings, 2, "io.containerd.grpc.v1.cri");
}

/** containerd 2.x, which moved the line of `config.toml` to another plug-in. */
export function containerd2(settings: ClientSettings): ClientBundle {
  return client(settings, 3, "io.containerd.cri.v1.images");
}

function client(settings: ClientSettings, version: number, plugin: string): ClientBundle {
  return {
    files: containerdFiles(settings),
    fragments: {
      [CONFIG]: `version = ${version}\n\n[plugins."${plugin}".registry]\n  config_path = "${containerdCertificates}"\n`,
    },
    // Only after config.toml was changed. Credentials are a matter of Kubernetes' pull secrets, or of `ctr --user`.
    commands: ["sudo systemctl restart containerd"],
    tested: true,
  };
}

/** For each address its `hosts.toml`, and the certificates beside it. */
export function containerdFiles(settings: ClientSettings): { [path: string]: string } {
  const hosts = settings.addresses.map((address) => [
    `${containerdCertificates}/${address}/hosts.toml`,
    hostsToml(urlOf(settings, address), certificatePaths(containerdCertificates, address, settings)),
  ]);
  return { ...certificateFiles(containerdCertificates, settings), ...Object.fromEntries(hosts) };
}

/**
 * A `hosts.toml`. It always has a `[host]` table, without which containerd refuses the file ("invalid `host` tree"),
 * and names the certificates twice: those at the top hold for `server`, which is asked last.
 */
function hostsToml(url: string, { ca, client }: CertificatePaths): string {
  const certificates = (indent: string) =>
    (ca === undefined ? "" : `${indent}ca = ${stringLiteral(ca)}\n`) +
    (client === undefined
      ? ""
      : `${indent}client = [[${stringLiteral(client.certificate)}, ${stringLiteral(client.key)}]]\n`);
  return (
    `server = ${stringLiteral(url)}\n${certificates("")}\n[host.${stringLiteral(url)}]\n` +
    `  capabilities = ["pull", "resolve", "push"]\n${certificates("  ")}`
  );
}
