# Shell functions by which the install script finds out what the machine has, and settles what it sets up.
#
# Needs `RUNTIMES`, `USER_RUNTIMES`, `INSTALL_FIRST`, `is_here`, `RECORD` and the options `chosen` and `os_trust`; sets `runtimes`.

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

# has_own RUNTIME: a user who is not root has one of their own.
has_own() {
  printf '%s\n' "$USER_RUNTIMES" | grep -qxF -e "$1"
}

detect_runtimes() {
  for name in $RUNTIMES; do
    if { is_root || has_own "$name"; } && is_here "$name"; then echo "$name"; fi
  done
}

# refuse_what_is_of_root: a user has Docker, Podman and its family alone.
refuse_what_is_of_root() {
  [ "$os_trust" = no ] || fail "the system's trust store belongs to root: run this script as root (sudo sh install.sh --os-trust)"
  for name in $names; do
    has_own "$name" || fail "$name belongs to root: run this script as root (sudo sh install.sh)"
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
  [ -n "$runtimes" ] || fail "no container runtime was found on this machine: install $INSTALL_FIRST;" \
    "or name one with --for"
}
