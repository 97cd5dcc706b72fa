/**
 * Shell functions by which the install script finds out what the machine has, and settles what it sets up.
 *
 * Needs `RECORD` and the options `chosen` and `os_trust`; sets `runtimes`.
 */
export const runtimes = String.raw`
# --- What this machine has ---------------------------------------------------------------------------------------
is_root() {
  [ "$(id -u)" -eq 0 ]
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# wants RUNTIME: it is among those to set up.
wants() {
  case " $runtimes " in
    *" $1 "*) return 0 ;;
    *) return 1 ;;
  esac
}

detect_runtimes() {
  # Podman may stand in for docker.
  if has docker && ! docker --version 2>/dev/null </dev/null | grep -qi podman; then echo docker; fi
  if has podman || has buildah || has skopeo || has crio; then echo podman; fi
  is_root || return 0
  if has nerdctl || containerd_reads_folder; then echo containerd; fi
  if has k3s || [ -d /etc/rancher/k3s ]; then echo k3s; fi
  if has rke2 || [ -d /etc/rancher/rke2 ]; then echo rke2; fi
  if has buildkitd || [ -d /etc/buildkit ]; then echo buildkit; fi
}

# containerd reads the folder only if config.toml or a drop-in says so; a Docker host's containerd has no use for it.
containerd_reads_folder() {
  grep -rqs 'config_path *= *.[^#]*/etc/containerd/certs\.d' /etc/containerd/config.toml /etc/containerd/conf.d
}

# refuse_what_is_of_root: a user has Docker, Podman and its family alone.
refuse_what_is_of_root() {
  [ "$os_trust" = no ] || fail "the system's trust store belongs to root: run this script as root (sudo sh install.sh --os-trust)"
  for name in $names; do
    case $name in
      docker | podman) ;;
      *) fail "$name belongs to root: run this script as root (sudo sh install.sh)" ;;
    esac
  done
}

choose_runtimes() {
  if [ -z "$chosen" ]; then chosen=$(recorded for); fi
  if [ -n "$chosen" ]; then names=$chosen; else names=$(detect_runtimes); fi
  for name in $names; do runtimes="$runtimes $name"; done
  is_root || refuse_what_is_of_root
  # Builders have Docker's login, for which Docker must trust the registry.
  if wants buildkit && has docker && ! wants docker; then runtimes="$runtimes docker"; fi
  if wants buildkit && ! has docker; then
    warn "there is no docker command to log BuildKit in with: put the output dockerConfigJson at $DOCKER_CONFIG/config.json"
  fi
  if wants docker && ! has docker; then fail "there is no docker command on this machine: install Docker Engine first"; fi
  if [ "$os_trust" = no ] && [ -e "$RECORD/os-trust" ]; then os_trust=yes; fi
  if [ "$os_trust" = yes ]; then
    os_trust_folder >/dev/null || fail "this system has neither update-ca-certificates nor update-ca-trust: see to its trust store by hand"
    runtimes="$runtimes os-trust"
  fi
  if is_root && has kubelet && ! wants containerd && ! wants k3s && ! wants rke2 && has containerd; then
    warn "containerd has no config_path here, so Kubernetes' images are not covered: set it to /etc/containerd/certs.d" \
      "(output \"clients\", containerd1 or containerd2), restart containerd, and run this script again"
  fi
  [ -n "$runtimes" ] || fail "no container runtime was found on this machine: install Docker Engine first, or Podman," \
    "containerd, k3s, RKE2 or BuildKit; or name one with --for"
}
`;
