import { join } from "node:path";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { shellScript } from "../base/shellScript";
import { asks, openFiles, readiness } from "../docker/containerSettings";
import type { ResolvedLogRotation } from "../docker/defaults";
import { identity, type Labels } from "../docker/identity";
import { filesPath, verifierSocket } from "../docker/paths";
import { server } from "../docker/server";
import { verifierConfig } from "./verifierConfig";

/** Name of the users' file among the files of the proxy. */
export const usersFile = "htpasswd";

/** Where it answers its health check, in its container alone. */
export const healthAddress = "127.0.0.1:8081";

export interface CredentialVerifierArgs {
  readonly instance: string;
  /** Image of an nginx. */
  readonly image: pulumi.Input<string>;
  /** The files of the proxy, and the volume for the socket, which belongs to the service's user already. */
  readonly volumes: docker.types.input.ContainerVolume[];
  /** Files and connections that it may have open. */
  readonly openFiles: number;
  readonly logRotation: ResolvedLogRotation;
  readonly labels: Labels;
}

/**
 * An nginx that checks logins for the proxy: its bcrypt runs beside the workers of the proxy, and yields to them when
 * processors are short.
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
      entrypoints: ["sh", "-c"],
      command: [verifierScript()],
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=1m,mode=1777" },
      cpuShares: 128,
      ...openFiles(args.openFiles),
      networkMode: "none",
      volumes: args.volumes,
      healthcheck: readiness(asks(`http://${healthAddress}/`)),
      stopSignal: "SIGQUIT",
      stopSeconds: 10,
    },
    { ...opts, replaceOnChanges: ["tmpfs"] },
  );
}

/** Starts the verifier, in the image of a proxy. */
export function verifierScript(): string {
  return shellScript(join(__dirname, "startVerifier.sh"), {
    CONFIG: verifierConfig({
      socketPath: verifierSocket,
      healthAddress,
      usersPath: `${filesPath}/current/${usersFile}`,
    }),
    SOCKET: verifierSocket,
  });
}
