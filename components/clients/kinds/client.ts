import { shellQuoted } from "../../base/shellScript";

/** A client's own certificate, which it presents beside its login (mTLS). */
export interface ClientCertificate {
  /** PEM, with the authorities between it and the root behind it. */
  readonly certificatePem: string;
  /** PEM. */
  readonly privateKeyPem: string;
}

/** What a client needs to know of the registry. */
export interface ClientSettings {
  /** The registry's addresses as `registryAddress` gives them, at least one; the first names the registry. */
  readonly addresses: string[];
  /** PEM of the authority to trust, or of several, one after the other; "" for a public one. */
  readonly caCertificate: string;
  /** Login name. */
  readonly username: string;
  /** Its password. */
  readonly password: string;
  /** A line for `/etc/hosts` as `hostsEntry` gives it; "" for none. */
  readonly hostsEntry: string;
  /** What the client presents to a registry that asks for a certificate. Defaults to none. */
  readonly clientCertificate?: ClientCertificate;
  /** Whether the registry is served without TLS; there are no certificates then. Defaults to false. */
  readonly plainHttp?: boolean;
}

/** What makes one kind of client use the registry. */
export interface ClientBundle {
  /** Files that are ours alone, written whole: path to content. A path that does not begin with `/` may be anywhere. */
  readonly files: { readonly [path: string]: string };
  /** Text for files that others share: path to what must be in there. */
  readonly fragments: { readonly [path: string]: string };
  /** What remains to be done, in order. None holds a password: the programs ask for it. */
  readonly commands: string[];
  /** Whether our tests run the real client with these files. */
  readonly tested: boolean;
  /** What this kind of client cannot do by itself. Absent if there is nothing to say. */
  readonly notes?: string[];
}

/** The address as a URL. */
export function urlOf({ plainHttp }: ClientSettings, address: string): string {
  return `${plainHttp ? "http" : "https"}://${address}`;
}

/** A name for files and objects of this registry, of letters, digits, `.`, `-` and `_`. */
export function registryFileName({ addresses }: Pick<ClientSettings, "addresses">): string {
  return (addresses[0] ?? "").replace(/[^A-Za-z0-9.-]/g, "_");
}

/** A text in double quotes, as both YAML and TOML read it. */
export function stringLiteral(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  // What JSON leaves alone, but YAML or TOML does not allow or takes for the end of a line.
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

/** The login of a client, which asks for the password. */
export function loginCommands(program: string, settings: ClientSettings): string[] {
  const user = shellQuoted(settings.username);
  return settings.addresses.map((address) => `${program} login --username ${user} ${shellQuoted(address)}`);
}
