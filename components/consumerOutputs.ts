import * as pulumi from "@pulumi/pulumi";
import { registryAddress } from "./consumer/address";
import type { ClientBundle, ClientSettings } from "./consumer/client";
import { clientFiles, daemonJson, dockerConfigJson, hostsEntry } from "./consumer/clientFiles";
import { clients } from "./consumer/clients";
import { installScript } from "./consumer/installScript";
import { runError } from "./runError";

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
  readonly clients: pulumi.Output<{ [kind: string]: ClientBundle }>;
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
  const { clientUser } = settings;
  const addresses = addressesOf(settings);
  const passwords = pulumi.secret(settings.passwords);
  const password = passwords.apply((all) => all[clientUser] ?? "");
  return {
    endpoint: settings.ready.apply(() => addresses[0] ?? ""),
    caCertificate: settings.caCertificate,
    credentials: passwords,
    clientFiles: settings.caCertificate.apply((pem) => clientFiles(addresses, pem)),
    daemonJson: pulumi.output(daemonJson([])),
    dockerConfigJson: password.apply((plain) => dockerConfigJson(addresses, clientUser, plain)),
    hostsEntry: pulumi.output(hostsEntry(settings.clientAddress ?? "", settings.hostnames)),
    installScript: installScriptFor(settings, clientUser),
    clients: clientsFor(settings, clientUser),
  };
}

/** The files of every kind of client with the login of one user; secret. Kind to files. */
export function clientsFor(
  settings: ConsumerSettings,
  user: string,
): pulumi.Output<{ [kind: string]: ClientBundle }> {
  return pulumi
    .all([settings.caCertificate, pulumi.secret(settings.passwords)])
    .apply(([ca, all]): { [kind: string]: ClientBundle } =>
      clients(clientSettings(settings, ca, user, passwordOf(user, all))),
    );
}

/** The install script with the login of one user; secret. */
export function installScriptFor(settings: ConsumerSettings, user: string): pulumi.Output<string> {
  return pulumi
    .all([settings.caCertificate, pulumi.secret(settings.passwords)])
    .apply(([ca, all]) => installScript(clientSettings(settings, ca, user, passwordOf(user, all))));
}

function passwordOf(user: string, passwords: { readonly [user: string]: string }): string {
  const password = passwords[user];
  if (password === undefined) throw runError(`"${user}" is not one of users: write the name of one`);
  return password;
}

function clientSettings(
  settings: ConsumerSettings,
  caCertificate: string,
  username: string,
  password: string,
): ClientSettings {
  return {
    addresses: addressesOf(settings),
    caCertificate,
    username,
    password,
    hostsEntry: hostsEntry(settings.clientAddress ?? "", settings.hostnames),
  };
}

function addressesOf({ hostnames, port }: ConsumerSettings): string[] {
  return hostnames.map((hostname) => registryAddress(hostname, port));
}
