# Usage and messages of the images command. Answers alone go to stdout; progress and errors with their remedy to stderr.
#
# Needs `REGISTRY`.

# --- Messages ------------------------------------------------------------------------------------------------
usage() {
  cat <<END
Usage: sh images.sh list                    the repositories of $REGISTRY
       sh images.sh tags REPOSITORY         its tags, with push time, size and digest
       sh images.sh show IMAGE              what an image is made of
       sh images.sh delete IMAGE            take a tag away; with --digest the image and all its tags,
                                            with --apply even if signatures would go with it
       sh images.sh restore IMAGE           bring back what was deleted
       sh images.sh retention [--apply]     what the rules of retention would delete; delete it
       sh images.sh collect [--dry-run]     give space back; say what would go
       sh images.sh report                  what holds how much space
       sh images.sh verify [REPOSITORY]     look whether all that the tags need is there and right
       sh images.sh audit [REPOSITORY]      who wrote what, and what was refused; with --by USER, --since DAY
                                            (2027-01-31) and --refused less of it
       sh images.sh backup                  make a backup now, as settings.backup says
       sh images.sh repair                  take what is damaged on the disk from a backup
       sh images.sh --help                  this text

IMAGE is REPOSITORY:TAG or REPOSITORY@DIGEST.
  --json    the answer as JSON

The status is 0 if all went well, 1 if not, 2 for a wrong command line.

The login is asked for, or taken from the environment: REGISTRY_USERNAME and REGISTRY_PASSWORD, or REGISTRY_LOGIN_FILE,
the path of a file with the line NAME:PASSWORD. Where the registry asks for a client certificate,
REGISTRY_CLIENT_CERTIFICATE and REGISTRY_CLIENT_KEY are its PEM texts or the paths of files with them.
END
}

fail() {
  end_progress
  printf '%s: error: %s\n' "$REGISTRY" "$*" >&2
  exit 1
}

# refuse TEXT: something is wrong with the command line.
refuse() {
  printf '%s: error: %s (--help says more)\n' "$REGISTRY" "$*" >&2
  exit 2
}

# progress TEXT: one line that is written over at a terminal, and elsewhere a line whenever it changes.
progress() {
  if [ -t 2 ]; then
    printf '\r\033[K%s' "$1" >&2
  elif [ "$1" != "$shown" ]; then
    printf '%s: %s\n' "$REGISTRY" "$1" >&2
  fi
  shown=$1
}

end_progress() {
  if [ -n "$shown" ] && [ -t 2 ]; then printf '\r\033[K' >&2; fi
  shown=""
}
