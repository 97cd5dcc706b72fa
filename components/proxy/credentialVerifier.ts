import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { openFiles, readiness } from "../docker/containerSettings";
import type { ResolvedLogRotation } from "../docker/defaults";
import { identity, type Labels } from "../docker/identity";
import { filesPath, verifierSocket } from "../docker/paths";
import { server } from "../docker/server";
import { verifierConfig } from "./verifierConfig";

/** Name of the verifier's config among the files of the proxy. */
export const verifierFile = "verifier.yml";

/** Name of the users' file among the files of the proxy. */
export const usersFile = "htpasswd";

const debugAddress = "127.0.0.1:5002";

export interface CredentialVerifierArgs {
  readonly instance: string;
  /** Image of a registry. */
  readonly image: pulumi.Input<string>;
  /** The files of the proxy, and the volume for the socket, which belongs to the service's user already. */
  readonly volumes: docker.types.input.ContainerVolume[];
  /** Files and connections that it may have open. */
  readonly openFiles: number;
  readonly logRotation: ResolvedLogRotation;
  readonly labels: Labels;
}

/** Text of its config. */
export function verifierText(): string {
  return verifierConfig({
    socketPath: verifierSocket,
    debugAddress,
    usersPath: `${filesPath}/current/${usersFile}`,
  });
}

/**
 * A registry without storage that checks logins for the proxy: its bcrypt runs beside the workers of nginx, and
 * yields to them when processors are short.
 */
export function credentialVerifier(
  name: string,
  args: CredentialVerifierArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  return server(
    name,
    {
      ...identity(args.instance, args.labels).server("verifier"),
      image: args.image,
      logRotation: args.logRotation,
      command: ["serve", `${filesPath}/current/${verifierFile}`],
      envs: ["OTEL_TRACES_EXPORTER=none"],
      cpuShares: 128,
      ...openFiles(args.openFiles),
      networkMode: "none",
      volumes: args.volumes,
      healthcheck: readiness(`wget -q -O /dev/null http://${debugAddress}/debug/health`),
      stopSeconds: 10,
    },
    opts,
  );
}
