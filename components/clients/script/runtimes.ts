import { buildkitFile, buildkitFiles, buildkitToml } from "../kinds/buildkit";
import type { ClientSettings } from "../kinds/client";
import { containerdFiles } from "../kinds/containerd";
import { docker } from "../kinds/docker";
import { type Distribution, k3s, registriesFile, registriesYaml, rke2 } from "../kinds/k3s";
import { podmanFiles } from "../kinds/podman";

/** A container runtime that the install script sets up. */
export interface Runtime {
  /** What people call it. */
  readonly title: string;
  /** What the usage says beside its name. */
  readonly remark?: string;
  /** Shell condition: this machine has it. `has PROGRAM` says whether there is a program. */
  readonly signs: string;
  /** Whether a user who is not root has one of their own, with files and logins of their own. */
  readonly perUser: boolean;
  /** Where its logins are kept. Defaults to none that the script writes by a command. */
  readonly store?: keyof typeof stores;
  /** Files that are ours alone: path on the whole machine to content. */
  readonly files: (settings: ClientSettings) => { readonly [path: string]: string };
  /** A file that it shares with others and that knows no drop-ins. Defaults to none. */
  readonly shared?: SharedFile;
  /** Its page in `docs/clients`. */
  readonly page: string;
}

/** A file that we write if nobody else has, out of the parts of every registry installed on a machine. */
export interface SharedFile {
  readonly path: string;
  /** Our part of each section. In the file its name stands above the parts, but `tables` have their own names. */
  readonly sections: (settings: ClientSettings) => { readonly [section: string]: string };
  /** What makes the runtime read it. */
  readonly restartHint: string;
}

/**
 * Where logins are kept: the file, for the shell, the programs that write it, the first one there is, and how such a
 * program, `$client`, is called for `$action`, login or logout, on a `$file`.
 */
export const stores = {
  docker: {
    file: "$DOCKER_CONFIG/config.json",
    programs: ["docker"],
    call: 'DOCKER_CONFIG=$(dirname "$file") "$client" "$action" "$@"',
  },
  podman: {
    file: "$AUTH_FILE",
    // Skopeo's login is Podman's, and starts nothing else.
    programs: ["skopeo", "podman", "buildah"],
    call: '"$client" "$action" --authfile "$file" "$@"',
  },
} as const;

/** Every runtime, by its name for `--for`, in the order in which they are looked for and set up. */
export const runtimes: { readonly [name: string]: Runtime } = {
  docker: {
    title: "Docker Engine",
    // Podman may stand in for docker.
    signs: "has docker && ! docker --version 2>/dev/null </dev/null | grep -qi podman",
    perUser: true,
    store: "docker",
    files: (settings) => docker(settings).files,
    page: "docker.md",
  },
  podman: {
    title: "Podman",
    remark: "with Buildah and Skopeo",
    signs: "has podman || has buildah || has skopeo || has crio",
    perUser: true,
    store: "podman",
    files: podmanFiles,
    page: "podman.md",
  },
  containerd: {
    title: "containerd",
    // It reads the folder only if config.toml or a drop-in says so; a Docker host's containerd has no use for it.
    signs:
      "has nerdctl || grep -rqs 'config_path *= *.[^#]*/etc/containerd/certs\\.d' /etc/containerd/config.toml /etc/containerd/conf.d",
    perUser: false,
    files: containerdFiles,
    page: "containerd.md",
  },
  k3s: {
    title: "k3s",
    signs: "has k3s || [ -d /etc/rancher/k3s ]",
    perUser: false,
    files: (settings) => k3s(settings).files,
    shared: registries(
      "k3s",
      "k3s reads that when it starts: systemctl restart k3s (pods go on running; k3s-agent on an agent)",
    ),
    page: "k3s-rke2.md",
  },
  rke2: {
    title: "RKE2",
    signs: "has rke2 || [ -d /etc/rancher/rke2 ]",
    perUser: false,
    files: (settings) => rke2(settings).files,
    shared: registries(
      "rke2",
      "RKE2 reads that when it starts: systemctl restart rke2-server (pods go on running; rke2-agent on an agent)",
    ),
    page: "k3s-rke2.md",
  },
  buildkit: {
    title: "BuildKit",
    signs: "has buildkitd || [ -d /etc/buildkit ]",
    perUser: false,
    // Its logins are those of the Docker client that asks for a build.
    files: buildkitFiles,
    shared: {
      path: buildkitFile,
      sections: (settings) => ({ tables: buildkitToml(settings) }),
      restartHint: `buildkitd reads that when it starts; for a builder in a container: docker buildx create --buildkitd-config ${buildkitFile}`,
    },
    page: "buildkit.md",
  },
};

function registries(distribution: Distribution, restartHint: string): SharedFile {
  return {
    path: registriesFile(distribution),
    sections: (settings) => ({ ...registriesYaml(settings, distribution) }),
    restartHint,
  };
}
