import { type ClientBundle, type ClientSettings, caText, privateAddresses, registryFileName } from "./client";

/** Where a Linux distribution takes further authorities from, and the program that makes them count. */
const STORES = {
  debian: { folder: "/usr/local/share/ca-certificates", update: "sudo update-ca-certificates", tested: true },
  redHat: {
    folder: "/etc/pki/ca-trust/source/anchors",
    update: "sudo update-ca-trust extract",
    tested: false,
  },
  suse: { folder: "/etc/pki/trust/anchors", update: "sudo update-ca-certificates", tested: false },
} as const;

/** The system's trust store, for programs that have none of their own. "debian" holds for Ubuntu and Alpine too. */
export function osTrust(store: keyof typeof STORES): (settings: ClientSettings) => ClientBundle {
  const { folder, update, tested } = STORES[store];
  return (settings) =>
    trust(settings, `${folder}/private-registry-${registryFileName(settings)}.crt`, () => [update], tested);
}

export function osTrustMac(settings: ClientSettings): ClientBundle {
  const command = (path: string) =>
    `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${path}`;
  return trust(settings, `private-registry-${registryFileName(settings)}.crt`, (path) => [command(path)]);
}

/** For PowerShell, as an administrator. */
export function osTrustWindows(settings: ClientSettings): ClientBundle {
  const command = (path: string) =>
    `Import-Certificate -FilePath .\\${path} -CertStoreLocation Cert:\\LocalMachine\\Root`;
  return trust(settings, `private-registry-${registryFileName(settings)}.crt`, (path) => [command(path)]);
}

function trust(
  settings: ClientSettings,
  path: string,
  commands: (path: string) => string[],
  tested = false,
): ClientBundle {
  if (privateAddresses(settings).length === 0) return { files: {}, fragments: {}, commands: [], tested };
  return { files: { [path]: caText(settings) }, fragments: {}, commands: commands(path), tested };
}
