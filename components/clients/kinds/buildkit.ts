import { certificateFiles, certificatePaths } from "./certificates";
import { type ClientBundle, type ClientSettings, loginCommands, stringLiteral } from "./client";

export const buildkitFile = "/etc/buildkit/buildkitd.toml";
const CERTIFICATES = "/etc/buildkit/certs.d";

/**
 * BuildKit: a daemon of its own, or a builder of `docker buildx` in a container, which reads neither Docker's
 * `certs.d` nor its `daemon.json`. `docker buildx create` copies the certificates into the container. Credentials are
 * those of the Docker client that asks for the build.
 */
export function buildkit(settings: ClientSettings): ClientBundle {
  const toml = buildkitToml(settings);
  return {
    files: buildkitFiles(settings),
    fragments: toml === "" ? {} : { [buildkitFile]: toml },
    commands: [
      `docker buildx create --name private-registry --driver docker-container --buildkitd-config ${buildkitFile} --use`,
      ...loginCommands("docker", settings),
    ],
    tested: true,
  };
}

export function buildkitFiles(settings: ClientSettings): { [path: string]: string } {
  return certificateFiles(CERTIFICATES, settings);
}

/** A table for each address that is not served under a public authority without asking for a certificate; "" for none. */
export function buildkitToml(settings: ClientSettings): string {
  return settings.addresses
    .flatMap((address) => {
      const { ca, client } = certificatePaths(CERTIFICATES, address, settings);
      const lines = [
        ...(settings.plainHttp ? ["  http = true\n"] : []),
        ...(ca ? [`  ca = [${stringLiteral(ca)}]\n`] : []),
        ...(client
          ? [
              `  [[registry.${stringLiteral(address)}.keypair]]\n` +
                `    key = ${stringLiteral(client.key)}\n    cert = ${stringLiteral(client.certificate)}\n`,
            ]
          : []),
      ];
      return lines.length === 0 ? [] : [`[registry.${stringLiteral(address)}]\n${lines.join("")}`];
    })
    .join("\n");
}
