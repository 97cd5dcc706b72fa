/**
 * Usage and messages of the install script: progress on stdout, warnings and errors with their remedy on stderr.
 *
 * Needs `REGISTRY`.
 */
export const messages = String.raw`
# --- Messages ------------------------------------------------------------------------------------------------
usage() {
  cat <<'END'
Usage: sh install.sh             connect this Docker host to the registry; again: bring it up to date
       sh install.sh --remove    undo that: every changed file is as it was before
       sh install.sh --help      this text

From another machine: ssh root@machine sh -s < install.sh
                      ssh root@machine sh -s -- --remove < install.sh

DOCKER_CONFIG names the folder of config.json (default: $HOME/.docker).
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
`;
