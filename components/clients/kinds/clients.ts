import { buildkit } from "./buildkit";
import type { ClientBundle, ClientSettings } from "./client";
import { containerd1, containerd2 } from "./containerd";
import { githubActions, gitlabCi } from "./continuousIntegration";
import { docker, dockerDesktopMac, dockerDesktopWindows, dockerRootless } from "./docker";
import { k3s, rke2 } from "./k3s";
import { kubernetes } from "./kubernetes";
import { osTrust, osTrustMac, osTrustWindows } from "./osTrust";
import { podman, podmanRootless } from "./podman";

/** Every kind of client we know, and what makes it use a registry. */
const kinds = {
  docker,
  dockerRootless,
  dockerDesktopMac,
  dockerDesktopWindows,
  containerd1,
  containerd2,
  k3s,
  rke2,
  podman,
  podmanRootless,
  buildkit,
  kubernetes,
  osTrustDebian: osTrust("debian"),
  osTrustRedHat: osTrust("redHat"),
  osTrustSuse: osTrust("suse"),
  osTrustMac,
  osTrustWindows,
  githubActions,
  gitlabCi,
} satisfies { [kind: string]: (settings: ClientSettings) => ClientBundle };

/** The files of every kind of client. Some hold the password: treat the whole as a secret. */
export function clients(settings: ClientSettings): { [kind in keyof typeof kinds]: ClientBundle } {
  const entries = Object.entries(kinds).map(([kind, files]) => [kind, files(settings)]);
  return Object.fromEntries(entries);
}
