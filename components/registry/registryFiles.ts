import * as pulumi from "@pulumi/pulumi";
import { contentHash } from "../base/contentHash";
import { dataPath, filesPath, registrySocket } from "../docker/paths";
import { zoneFile } from "../docker/timeZone";
import { encoded, type Files, type Generation } from "../docker/uploads";
import { outgoingFiles } from "../outgoing/outgoingFiles";
import type { DirectAccessArgs, RegistryOverrides } from "./args";
import type { ResolvedDirect, ResolvedRegistryServer } from "./defaults";
import type { DirectListener } from "./directListener";
import { registryConfig, storeAddress, storeConfig, storeFile } from "./registryConfig";
import type { S3Settings } from "./s3Config";

/** Address of the registry's health answers, inside the container only. */
export const debugAddress = "127.0.0.1:5001";

/** Port in the container of a registry without a proxy. */
export const directPort = 5000;

const files = { users: "htpasswd", certificate: "server.crt", key: "server.key", clientCa: "client-ca.crt" };

/** What the registry reads when it starts, one generation for each content: its config.yml and what that names. */
export function registryGeneration(
  args: ResolvedRegistryServer,
  httpSecret: pulumi.Output<string>,
): pulumi.Output<Generation> {
  return pulumi
    .all([
      httpSecret,
      pulumi.output(args.configOverrides),
      directFiles(args.direct),
      outgoingFiles(args.outgoing),
      pulumi.output(args.storage.s3),
    ])
    .apply(([secret, overrides, direct, outgoing, s3]): Generation => {
      const others: Files = {
        ...direct,
        ...outgoing,
        ...(s3 && { [storeFile]: encoded(storeConfig(s3, storeAddress)) }),
        ...zoneFile(args.timeZone),
      };
      const config = (generation: string) => ({
        "config.yml": encoded(configText(args, { secret, overrides, s3 }, `${filesPath}/${generation}`)),
      });
      const name = contentHash({ ...others, ...config("") });
      return { name, files: { ...others, ...config(name) } };
    });
}

/** What was known later than the rest. */
interface Known {
  readonly secret: string;
  readonly overrides: RegistryOverrides;
  readonly s3?: S3Settings;
}

function configText(args: ResolvedRegistryServer, { secret, overrides, s3 }: Known, folder: string): string {
  return registryConfig({
    options: args.options,
    httpSecret: secret,
    socketPath: registrySocket,
    direct: args.direct && directListener(args.direct, folder),
    debugAddress,
    // By its figures a collection knows that nothing is being written any more.
    hasMetrics: args.metrics || s3 !== undefined,
    rootDirectory: dataPath,
    s3,
    overrides,
  });
}

function directListener(direct: ResolvedDirect, folder: string): DirectListener {
  const { realm, certificateChainPem, clientCaCertificatesPem } = direct;
  return {
    address: `:${directPort}`,
    realm,
    usersPath: `${folder}/${files.users}`,
    tls:
      certificateChainPem === undefined
        ? undefined
        : {
            certificatePath: `${folder}/${files.certificate}`,
            keyPath: `${folder}/${files.key}`,
            clientCaPath: clientCaCertificatesPem === undefined ? undefined : `${folder}/${files.clientCa}`,
          },
  };
}

function directFiles(direct: DirectAccessArgs | undefined): pulumi.Output<Files> {
  return pulumi.output(direct).apply((plain): Files => {
    if (plain === undefined) {
      return {};
    }
    const { htpasswd, certificateChainPem, privateKeyPem, clientCaCertificatesPem } = plain;
    return {
      [files.users]: encoded(htpasswd),
      ...(certificateChainPem !== undefined && { [files.certificate]: encoded(certificateChainPem) }),
      ...(privateKeyPem !== undefined && { [files.key]: encoded(privateKeyPem) }),
      ...(clientCaCertificatesPem !== undefined && { [files.clientCa]: encoded(clientCaCertificatesPem) }),
    };
  });
}
