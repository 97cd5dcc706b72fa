import { certificateFiles, certificatePaths } from "./certificates";
import { type ClientBundle, type ClientSettings, stringLiteral, urlOf } from "./client";

/** The two Kubernetes distributions that read a `registries.yaml`. */
export type Distribution = "k3s" | "rke2";

/** k3s: every node, restarted once the file has changed; its pods go on running. */
export function k3s(settings: ClientSettings): ClientBundle {
  return node(settings, "k3s", "sudo systemctl restart k3s # on an agent: k3s-agent");
}

/** RKE2, with the same file in another folder. */
export function rke2(settings: ClientSettings): ClientBundle {
  return node(settings, "rke2", "sudo systemctl restart rke2-server # on an agent: rke2-agent");
}

function node(settings: ClientSettings, distribution: Distribution, restart: string): ClientBundle {
  const { mirrors, configs } = registriesYaml(settings, distribution);
  return {
    files: certificateFiles(nodeCertificates(distribution), settings),
    fragments: { [registriesFile(distribution)]: `mirrors:\n${mirrors}configs:\n${configs}` },
    commands: [restart],
    tested: false,
  };
}

export function nodeCertificates(distribution: Distribution): string {
  return `/etc/rancher/${distribution}/certs.d`;
}

export function registriesFile(distribution: Distribution): string {
  return `/etc/rancher/${distribution}/registries.yaml`;
}

/**
 * What stands under the two keys of `registries.yaml`; it holds the password. There is always a mirror: without one
 * k3s 1.29.3 wrote an invalid `hosts.toml` (k3s-io/k3s#9839).
 */
export function registriesYaml(
  settings: ClientSettings,
  distribution: Distribution,
): { readonly mirrors: string; readonly configs: string } {
  const mirror = (address: string) =>
    `  ${stringLiteral(address)}:\n    endpoint:\n      - ${stringLiteral(urlOf(settings, address))}\n`;
  const tls = (address: string) => {
    const { ca, client } = certificatePaths(nodeCertificates(distribution), address, settings);
    const lines =
      (ca ? `      ca_file: ${stringLiteral(ca)}\n` : "") +
      (client
        ? `      cert_file: ${stringLiteral(client.certificate)}\n      key_file: ${stringLiteral(client.key)}\n`
        : "");
    return lines === "" ? "" : `    tls:\n${lines}`;
  };
  const config = (address: string) =>
    `  ${stringLiteral(address)}:\n    auth:\n      username: ${stringLiteral(settings.username)}\n` +
    `      password: ${stringLiteral(settings.password)}\n${tls(address)}`;
  return {
    mirrors: settings.addresses.map(mirror).join(""),
    configs: settings.addresses.map(config).join(""),
  };
}
