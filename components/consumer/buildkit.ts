import {
  type ClientBundle,
  type ClientSettings,
  caFiles,
  caPath,
  isInsecure,
  loginCommands,
  privateAddresses,
  quoted,
} from "./client";

export const buildkitFile = "/etc/buildkit/buildkitd.toml";
const CERTIFICATES = "/etc/buildkit/certs.d";

/**
 * BuildKit: a daemon of its own, or a builder of `docker buildx` in a container, which reads neither Docker's
 * `certs.d` nor its `daemon.json`. `docker buildx create` copies the authority into the container. Credentials are
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
  return caFiles(CERTIFICATES, settings);
}

/** A table for each address that is not served under a public authority; "" for none. */
export function buildkitToml(settings: ClientSettings): string {
  const isPrivate = new Set(privateAddresses(settings));
  return settings.addresses
    .flatMap((address) => {
      const table = `[registry.${quoted(address)}]\n`;
      if (isInsecure(settings, address)) return [`${table}  http = true\n`];
      return isPrivate.has(address) ? [`${table}  ca = [${quoted(caPath(CERTIFICATES, address))}]\n`] : [];
    })
    .join("\n");
}
