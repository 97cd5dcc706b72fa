# Gives back what nothing in a bucket refers to, by the registry's own collector: in a container beside the registry, with
# its files and its network. While it works nothing is pushed or deleted, as the proxy answers from the file of PAUSE; it is
# taken away however this ends, but by a kill that nobody can catch.
#
# Needs PAUSE, TEXT, SETTLE and PATIENCE in seconds, UNTAGGED and DRY_RUN; PAUSES says whether a proxy is to refuse pushes, else
# the registry does so itself. From the environment FILES and STORE_CONFIG.
# shellcheck shell=sh

set -u
fail() {
  echo "$1" >&2
  exit "${2:-1}"
}
# Requests under way that write, or may: the registry counts them, and those of a manifest in one number.
writing() {
  wget -q -O - http://127.0.0.1:5001/metrics |
    awk '/^registry_http_in_flight_requests\{handler="(manifest|blob_upload|blob_upload_chunk)"\}/ { sum += $2; found = 1 }
      END { print found ? sum : "unknown" }'
}
# shellcheck source=/dev/null
[ ! -e "$FILES/outgoing.sh" ] || . "$FILES/outgoing.sh"
program=$(command -v registry || command -v docker-registry) || fail "the image has no program named registry"
set -- garbage-collect
[ "$UNTAGGED" = no ] || set -- "$@" --delete-untagged
[ "$DRY_RUN" = no ] || set -- "$@" --dry-run
if [ "$PAUSES" = yes ] && [ "$DRY_RUN" = no ]; then
  trap 'rm -f "$PAUSE"' EXIT
  trap 'exit 143' HUP INT TERM
  if ! printf '%s' "$TEXT" > "$PAUSE.new" || ! mv "$PAUSE.new" "$PAUSE"; then
    fail "pushes cannot be refused, nothing was done"
  fi
  # The proxy passes on what had come before the file was there: a login may wait.
  sleep "$SETTLE"
  waited=0
  until [ "$(writing)" = 0 ]; do
    [ $waited -lt $((PATIENCE * 5)) ] || fail "an upload goes on for more than $PATIENCE seconds, nothing was done: try again later"
    waited=$((waited + 1))
    sleep 0.2
  done
fi
"$program" "$@" "$STORE_CONFIG" > /tmp/said 2> /tmp/problems
status=$?
# A bucket in which nothing was ever pushed has no such folder.
if grep -q 'Path not found: [^ ]*/repositories' /tmp/problems; then
  echo "0 blobs marked, 0 blobs and 0 manifests eligible for deletion"
  exit 0
fi
if [ $status -ne 0 ] || grep -q 'level=error\|failed to' /tmp/problems; then
  tail -n 5 /tmp/problems >&2
  fail "the collector failed, and what it had not come to is left to the next one"
fi
sed -n 's/^\([0-9]* blobs marked, [0-9]* blobs and [0-9]* manifests eligible for deletion\)$/\1/p' /tmp/said
