import { splitPem } from "../../certificates/pem";
import type { ClientCertificate, ClientSettings } from "./client";

/** What decides about the certificates. */
export type TlsSettings = Pick<
  ClientSettings,
  "addresses" | "caCertificate" | "clientCertificate" | "plainHttp"
>;

/** Where the certificates of one address lie; those that it does not need are absent. */
export interface CertificatePaths {
  readonly ca?: string;
  readonly client?: { readonly certificate: string; readonly key: string };
}

/** The authorities as one file: "" if none is needed, else it ends in exactly one newline. */
export function caText({ caCertificate, plainHttp }: TlsSettings): string {
  return plainHttp ? "" : oneNewline(caCertificate);
}

/** What the client presents, each text ending in exactly one newline; undefined if it presents nothing. */
export function presented({ clientCertificate, plainHttp }: TlsSettings): ClientCertificate | undefined {
  if (plainHttp || clientCertificate === undefined) return undefined;
  return {
    certificatePem: oneNewline(clientCertificate.certificatePem),
    privateKeyPem: oneNewline(clientCertificate.privateKeyPem),
  };
}

/** The names by which Docker and Podman know them: to both a file named `.crt` is an authority, `.cert` a client's. */
export function certificatePaths(folder: string, address: string, settings: TlsSettings): CertificatePaths {
  const path = (file: string) => `${folder}/${address}/${file}`;
  return {
    ...(caText(settings) !== "" && { ca: path("ca.crt") }),
    ...(presented(settings) && { client: { certificate: path("client.cert"), key: path("client.key") } }),
  };
}

/** For every address its certificates, in `<folder>/<address>`. A `client.key` is for its owner alone (mode 0600). */
export function certificateFiles(folder: string, settings: TlsSettings): { [path: string]: string } {
  const files: { [path: string]: string } = {};
  const clientCertificate = presented(settings);
  for (const address of settings.addresses) {
    const { ca, client } = certificatePaths(folder, address, settings);
    if (ca !== undefined) files[ca] = caText(settings);
    if (client !== undefined && clientCertificate !== undefined) {
      files[client.certificate] = clientCertificate.certificatePem;
      files[client.key] = clientCertificate.privateKeyPem;
    }
  }
  return files;
}

/** Each authority in a file of its own, for stores that read one of a file: `NAME.crt`, `NAME.2.crt` and so on. */
export function singleCaFiles(name: string, settings: TlsSettings): { [path: string]: string } {
  const number = (index: number) => (index === 0 ? "" : `.${index + 1}`);
  return Object.fromEntries(
    splitPem(caText(settings)).map((pem, index) => [`${name}${number(index)}.crt`, oneNewline(pem)]),
  );
}

function oneNewline(pem: string): string {
  const text = pem.trimEnd();
  return text === "" ? "" : `${text}\n`;
}
