# Usage and messages of the install script: progress on stdout, warnings and errors with their remedy on stderr.
#
# Needs `REGISTRY` and `USAGE_OF_FOR`.

# --- Messages ------------------------------------------------------------------------------------------------
usage() {
  cat <<END
Usage: sh install.sh             connect this machine's container runtimes to the registry; again: bring them up to date
       sh install.sh --check     say what is missing or outdated; the status is 1 if anything is
       sh install.sh --dry-run   say what would be changed (also with --remove)
       sh install.sh --remove    undo everything: every changed file is as it was before
       sh install.sh --prove [REPOSITORY]
                                 try all that a client does, with a tiny artifact that is removed again (in "prove")
       sh install.sh --help      this text

$USAGE_OF_FOR
  --os-trust            also put the authority into the system's trust store

Run as root it is for the whole machine. Run as another user it is for that user's rootless Docker and for the user's
Podman, Buildah and Skopeo, with files below ~/.config alone.

From another machine: ssh root@machine sh -s < install.sh
                      ssh root@machine sh -s -- --remove < install.sh

REGISTRY_USERNAME and REGISTRY_PASSWORD are another login for --prove. DOCKER_CONFIG names the folder of config.json (default: \$HOME/.docker), REGISTRY_AUTH_FILE the auth.json of Podman
(default: \$HOME/.config/containers/auth.json, which outlives a restart).
END
}

say() {
  printf '%s: %s\n' "$REGISTRY" "$*"
}

warn() {
  printf '%s: warning: %s\n' "$REGISTRY" "$*" >&2
}

# leftover TEXT: something of ours that could not be removed and that somebody must remove by hand.
leftover() {
  warn "$*"
  leftovers=yes
}

fail() {
  printf '%s: error: %s\n' "$REGISTRY" "$*" >&2
  exit 1
}
