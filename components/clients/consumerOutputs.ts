import * as pulumi from "@pulumi/pulumi";
import { runError } from "../base/runError";
import { registryAddress } from "./address";
import { imagesScript } from "./images/imagesScript";
import type { ClientBundle, ClientCertificate, ClientSettings } from "./kinds/client";
import { daemonJson, dockerConfigJson, hostsEntry } from "./kinds/clientFiles";
import { clients } from "./kinds/clients";
import { docker } from "./kinds/docker";
import { installScript } from "./script/installScript";

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
  readonly installScripts: pulumi.Output<{ [user: string]: string }>;
  readonly clientsByUser: pulumi.Output<{ [user: string]: { [kind: string]: ClientBundle } }>;
}

export interface ConsumerSettings {
  readonly hostnames: readonly string[];
  readonly port: number;
  readonly caCertificate: pulumi.Output<string>;
  /** User to password. */
  readonly passwords: pulumi.Output<{ [user: string]: string }>;
  readonly clientUser: string;
  /** Those with an install script of their own, in `installScripts`. */
  readonly installScriptUsers: readonly string[];
  readonly clientAddress?: string;
  /** User to what that user's clients present to a registry that asks for a certificate. Defaults to none. */
  readonly clientCertificates?: pulumi.Output<{ [user: string]: ClientCertificate }>;
  /** Whether the registry is served without TLS. Defaults to false. */
  readonly plainHttp?: boolean;
  /** Resolved once the registry answers. */
  readonly ready: pulumi.Output<string>;
}

/** The consumer outputs; those that hold a password or a key are secret. */
export function consumerOutputs(settings: ConsumerSettings): ConsumerOutputs {
  const { clientUser } = settings;
  const addresses = addressesOf(settings);
  const passwords = pulumi.secret(settings.passwords);
  const password = passwords.apply((all) => all[clientUser] ?? "");
  return {
    endpoint: settings.ready.apply(() => addresses[0] ?? ""),
    caCertificate: settings.caCertificate,
    credentials: passwords,
    clientFiles: withoutLogin(settings, clientUser).apply((own) => docker(own).files),
    daemonJson: pulumi.output(daemonJson(settings.plainHttp ? addresses : [])),
    dockerConfigJson: password.apply((plain) => dockerConfigJson(addresses, clientUser, plain)),
    hostsEntry: pulumi.output(hostsEntry(settings.clientAddress ?? "", settings.hostnames)),
    installScript: installScriptFor(settings, clientUser),
    clients: clientsFor(settings, clientUser),
    installScripts: byUser(settings, installScript),
    clientsByUser: byUser<{ [kind: string]: ClientBundle }>(settings, clients),
  };
}

/** User to what the clients of each of `installScriptUsers` get; secret, even of nobody. */
function byUser<Value>(
  settings: ConsumerSettings,
  made: (own: ClientSettings) => Value,
): pulumi.Output<{ [user: string]: Value }> {
  const all = settings.installScriptUsers.map((user) => clientSettings(settings, user));
  return pulumi
    .secret(pulumi.all(all))
    .apply((each) => Object.fromEntries(each.map((own) => [own.username, made(own)])));
}

/** The files of every kind of client with the login of one user; secret. Kind to files. */
export function clientsFor(
  settings: ConsumerSettings,
  user: string,
): pulumi.Output<{ [kind: string]: ClientBundle }> {
  return clientSettings(settings, user).apply((own): { [kind: string]: ClientBundle } => clients(own));
}

/** The install script with the login of one user; secret. */
export function installScriptFor(settings: ConsumerSettings, user: string): pulumi.Output<string> {
  return clientSettings(settings, user).apply(installScript);
}

/** The images command, which holds no login and so is for every user. */
export function imagesScriptOf(settings: ConsumerSettings): pulumi.Output<string> {
  const addresses = addressesOf(settings);
  const entry = hostsEntry(settings.clientAddress ?? "", settings.hostnames);
  const clientCertificates = settings.clientCertificates !== undefined;
  return pulumi
    .all([settings.caCertificate, settings.ready])
    .apply(([caCertificate]) =>
      imagesScript({ addresses, caCertificate, hostsEntry: entry, clientCertificates }),
    );
}

/** What one user's clients need to know; secret. */
function clientSettings(settings: ConsumerSettings, user: string): pulumi.Output<ClientSettings> {
  return pulumi
    .all([withoutLogin(settings, user), pulumi.secret(settings.passwords)])
    .apply(([own, passwords]) => {
      const password = passwords[user];
      if (password === undefined) throw runError(`"${user}" is not one of users: write the name of one`);
      return { ...own, password };
    });
}

/** The same with an empty password; secret only with client certificates, for their keys. */
function withoutLogin(settings: ConsumerSettings, username: string): pulumi.Output<ClientSettings> {
  const { clientCertificates, hostnames, clientAddress = "", plainHttp } = settings;
  const certificates = clientCertificates && pulumi.secret(clientCertificates);
  return pulumi.all([settings.caCertificate, certificates]).apply(([caCertificate, all]) => ({
    addresses: addressesOf(settings),
    caCertificate,
    username,
    password: "",
    hostsEntry: hostsEntry(clientAddress, hostnames),
    clientCertificate: all?.[username],
    plainHttp,
  }));
}

function addressesOf({ hostnames, port }: ConsumerSettings): string[] {
  return hostnames.map((hostname) => registryAddress(hostname, port));
}
