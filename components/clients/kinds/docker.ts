import { certificateFiles, presented, singleCaFiles } from "./certificates";
import { type ClientBundle, type ClientSettings, loginCommands, registryFileName } from "./client";
import { daemonJson } from "./clientFiles";
import { importCommand } from "./osTrust";

/** Where Docker Engine on Linux looks for certificates, for every user of the machine. */
export const dockerCertificates = "/etc/docker/certs.d";

/**
 * Docker Engine on Linux, with its own image store or containerd's: both read these files at each connection.
 */
export function docker(settings: ClientSettings): ClientBundle {
  return {
    files: certificateFiles(dockerCertificates, settings),
    fragments: daemonFragment("/etc/docker/daemon.json", settings),
    commands: [
      ...(settings.plainHttp ? ["sudo systemctl reload docker"] : []),
      ...loginCommands("docker", settings),
    ],
    tested: true,
  };
}

/** Docker Engine of a single user ("rootless"), which looks in the user's own folder. */
export function dockerRootless(settings: ClientSettings): ClientBundle {
  return {
    files: certificateFiles("~/.config/docker/certs.d", settings),
    fragments: daemonFragment("~/.config/docker/daemon.json", settings),
    commands: [
      ...(settings.plainHttp ? ["systemctl --user reload docker"] : []),
      ...loginCommands("docker", settings),
    ],
    tested: true,
  };
}

/** Docker Desktop on macOS. It copies the user's folder into its machine when it starts. */
export function dockerDesktopMac(settings: ClientSettings): ClientBundle {
  return {
    files: certificateFiles("~/.docker/certs.d", settings),
    fragments: daemonFragment("~/.docker/daemon.json", settings),
    commands: ["osascript -e 'quit app \"Docker\"'", "open -a Docker", ...loginCommands("docker", settings)],
    tested: false,
  };
}

/**
 * Docker Desktop on Windows, which trusts what Windows trusts, and copies the user's folder into its machine when it
 * starts. The commands are for PowerShell.
 */
export function dockerDesktopWindows(settings: ClientSettings): ClientBundle {
  const authorities = singleCaFiles(registryFileName(settings), settings);
  // Windows allows no colon in the name of a folder.
  const addresses = settings.addresses.filter((address) => !address.includes(":"));
  const own = { ...settings, addresses, caCertificate: "" };
  return {
    files: { ...authorities, ...certificateFiles("~/.docker/certs.d", own) },
    fragments: daemonFragment("%USERPROFILE%\\.docker\\daemon.json", settings),
    commands: [
      ...Object.keys(authorities).map(importCommand),
      "docker desktop restart",
      ...loginCommands("docker", settings),
    ],
    tested: false,
    ...(presented(settings) &&
      addresses.length < settings.addresses.length && {
        notes: [
          "A client certificate is for an address without a port alone: its folder is named after the address, and Windows allows no colon there.",
        ],
      }),
  };
}

function daemonFragment(path: string, settings: ClientSettings): { [path: string]: string } {
  return settings.plainHttp ? { [path]: `${daemonJson(settings.addresses)}\n` } : {};
}
