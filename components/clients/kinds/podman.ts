import { certificateFiles } from "./certificates";
import {
  type ClientBundle,
  type ClientSettings,
  loginCommands,
  registryFileName,
  stringLiteral,
} from "./client";
import { dockerConfigJson } from "./clientFiles";

/** Podman, Buildah, Skopeo and CRI-O of the whole machine: they share their files. */
export function podman(settings: ClientSettings): ClientBundle {
  return {
    files: podmanFiles(settings),
    fragments: { "~/.config/containers/auth.json": authJson(settings) },
    commands: loginCommands("podman", settings),
    tested: true,
  };
}

/** The same for a single user. */
export function podmanRootless(settings: ClientSettings): ClientBundle {
  return { ...podman(settings), files: filesIn("~/.config/containers", settings) };
}

/** The files for the whole machine. */
export function podmanFiles(settings: ClientSettings): { [path: string]: string } {
  return filesIn("/etc/containers", settings);
}

/** `podman login` keeps the same text as `docker login`, in a file of its own. */
function authJson({ addresses, username, password }: ClientSettings): string {
  return `${dockerConfigJson(addresses, username, password)}\n`;
}

function filesIn(folder: string, settings: ClientSettings): { [path: string]: string } {
  return {
    ...certificateFiles(`${folder}/certs.d`, settings),
    [`${folder}/registries.conf.d/private-registry-${registryFileName(settings)}.conf`]: settings.addresses
      .map(
        (address) =>
          `[[registry]]\nlocation = ${stringLiteral(address)}\ninsecure = ${settings.plainHttp ?? false}\n`,
      )
      .join("\n"),
  };
}
