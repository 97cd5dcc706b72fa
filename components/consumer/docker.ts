import {
  type ClientBundle,
  type ClientSettings,
  caFiles,
  caText,
  loginCommands,
  privateAddresses,
  registryFileName,
} from "./client";
import { daemonJson } from "./clientFiles";

/** Where Docker Engine on Linux looks for authorities, for every user of the machine. */
export const dockerCertificates = "/etc/docker/certs.d";

/**
 * Docker Engine on Linux, with its own image store or containerd's: both read these files at each connection.
 */
export function docker(settings: ClientSettings): ClientBundle {
  return {
    files: caFiles(dockerCertificates, settings),
    fragments: daemonFragment("/etc/docker/daemon.json", settings),
    commands: [
      ...(isPlain(settings) ? ["sudo systemctl reload docker"] : []),
      ...loginCommands("docker", settings),
    ],
    tested: true,
  };
}

/** Docker Engine of a single user ("rootless"), which looks in the user's own folder. */
export function dockerRootless(settings: ClientSettings): ClientBundle {
  return {
    files: caFiles("~/.config/docker/certs.d", settings),
    fragments: daemonFragment("~/.config/docker/daemon.json", settings),
    commands: [
      ...(isPlain(settings) ? ["systemctl --user reload docker"] : []),
      ...loginCommands("docker", settings),
    ],
    tested: false,
  };
}

/** Docker Desktop on macOS. It copies the user's folder into its machine when it starts. */
export function dockerDesktopMac(settings: ClientSettings): ClientBundle {
  return {
    files: caFiles("~/.docker/certs.d", settings),
    fragments: daemonFragment("~/.docker/daemon.json", settings),
    commands: ["osascript -e 'quit app \"Docker\"'", "open -a Docker", ...loginCommands("docker", settings)],
    tested: false,
  };
}

/** Docker Desktop on Windows, which trusts what Windows trusts. The commands are for PowerShell. */
export function dockerDesktopWindows(settings: ClientSettings): ClientBundle {
  const file = `${registryFileName(settings)}.crt`;
  const isPrivate = privateAddresses(settings).length > 0;
  return {
    files: isPrivate ? { [file]: caText(settings) } : {},
    fragments: daemonFragment("%USERPROFILE%\\.docker\\daemon.json", settings),
    commands: [
      ...(isPrivate
        ? [`Import-Certificate -FilePath .\\${file} -CertStoreLocation Cert:\\LocalMachine\\Root`]
        : []),
      "docker desktop restart",
      ...loginCommands("docker", settings),
    ],
    tested: false,
  };
}

function isPlain({ insecureAddresses = [] }: ClientSettings): boolean {
  return insecureAddresses.length > 0;
}

function daemonFragment(path: string, settings: ClientSettings): { [path: string]: string } {
  const { insecureAddresses = [] } = settings;
  return isPlain(settings) ? { [path]: `${daemonJson(insecureAddresses)}\n` } : {};
}
