import * as pulumi from "@pulumi/pulumi";
import { registryAddress } from "./consumer/address";
import { clientFiles, daemonJson, dockerConfigJson, hostsEntry } from "./consumer/clientFiles";
import { installScript } from "./consumer/installScript";

/** What a registry hands to those who use it. */
export interface ConsumerOutputs {
  readonly endpoint: pulumi.Output<string>;
  readonly caCertificate: pulumi.Output<string>;
  readonly credentials: pulumi.Output<{ [user: string]: string }>;
  readonly clientFiles: pulumi.Output<{ [path: string]: string }>;
  readonly daemonJson: pulumi.Output<string>;
  readonly dockerConfigJson: pulumi.Output<string>;
  readonly hostsEntry: pulumi.Output<string>;
  readonly installScript: pulumi.Output<string>;
}

export interface ConsumerSettings {
  readonly hostnames: readonly string[];
  readonly port: number;
  readonly caCertificate: pulumi.Output<string>;
  /** User to password. */
  readonly passwords: pulumi.Output<{ [user: string]: string }>;
  readonly clientUser: string;
  readonly clientAddress?: string;
  /** Resolved once the registry answers. */
  readonly ready: pulumi.Output<string>;
}

/** The consumer outputs; those that hold a password are secret. */
export function consumerOutputs(settings: ConsumerSettings): ConsumerOutputs {
  const addresses = settings.hostnames.map((hostname) => registryAddress(hostname, settings.port));
  const hosts =
    settings.clientAddress === undefined ? "" : hostsEntry(settings.clientAddress, settings.hostnames);
  const passwords = pulumi.secret(settings.passwords);
  const password = passwords.apply((all) => all[settings.clientUser] ?? "");
  return {
    endpoint: settings.ready.apply(() => addresses[0] ?? ""),
    caCertificate: settings.caCertificate,
    credentials: passwords,
    clientFiles: settings.caCertificate.apply((pem) => clientFiles(addresses, pem)),
    daemonJson: pulumi.output(daemonJson([])),
    dockerConfigJson: password.apply((plain) => dockerConfigJson(addresses, settings.clientUser, plain)),
    hostsEntry: pulumi.output(hosts),
    installScript: pulumi.all([settings.caCertificate, password]).apply(([caCertificate, plain]) =>
      installScript({
        addresses,
        caCertificate,
        username: settings.clientUser,
        password: plain,
        hostsEntry: hosts,
        daemonJson: daemonJson([]),
      }),
    ),
  };
}
