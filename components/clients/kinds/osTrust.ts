import { presented, singleCaFiles } from "./certificates";
import { type ClientBundle, type ClientSettings, registryFileName } from "./client";

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

/**
 * The system's trust store, for programs that have none of their own. "debian" holds for Ubuntu and Alpine too. Its
 * program takes one certificate of a file.
 */
export function osTrust(store: keyof typeof STORES): (settings: ClientSettings) => ClientBundle {
  const { folder, update, tested } = STORES[store];
  return (settings) => trust(settings, `${folder}/`, () => update, tested);
}

export function osTrustMac(settings: ClientSettings): ClientBundle {
  return trust(
    settings,
    "",
    (path) => `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${path}`,
  );
}

/** For PowerShell, as an administrator. */
export function osTrustWindows(settings: ClientSettings): ClientBundle {
  return trust(settings, "", importCommand);
}

/** PowerShell's way to put the one authority of a file into the trust store of Windows. */
export function importCommand(path: string): string {
  return `Import-Certificate -FilePath .\\${path} -CertStoreLocation Cert:\\LocalMachine\\Root`;
}

/** The names of the files in a trust store's folder, and what they hold. */
export function osTrustFiles(settings: ClientSettings): { [name: string]: string } {
  return singleCaFiles(`private-registry-${registryFileName(settings)}`, settings);
}

function trust(
  settings: ClientSettings,
  folder: string,
  command: (path: string) => string,
  tested = false,
): ClientBundle {
  const files = Object.entries(osTrustFiles(settings)).map(([name, pem]) => [`${folder}${name}`, pem]);
  return {
    files: Object.fromEntries(files),
    fragments: {},
    commands: [...new Set(files.map(([path = ""]) => command(path)))],
    tested,
    ...(presented(settings) && {
      notes: [
        "This store is of authorities: give a program the client certificate itself, as with curl --cert.",
      ],
    }),
  };
}
