# The activation one-shot, run in the process and network namespace of the proxy: points `current` at the new files in
# one step, has nginx read them unless it serves them already, and confirms that they are what answers; otherwise it
# points back and fails. Then it waits for the registry and the verifier.
#
# Needs FILES_PATH, GENERATION and HEALTH_URL, at which the proxy answers it.

set -eu
patience=60        # seconds that a server may take until it answers
reload_patience=20 # seconds that nginx may take until it answers with other files
cd "$FILES_PATH"
ask() {
  if command -v curl >/dev/null; then
    curl -fs "$HEALTH_URL/$1"
  else
    wget -q -O - "$HEALTH_URL/$1"
  fi
}
serves() {
  [ "$(ask generation)" = "$GENERATION" ]
}
try_for() {
  tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.1
  done
}
fail() {
  echo "$1" >&2
  exit 1
}
try_for "$patience" ask generation || fail "nginx does not answer: see the log of the proxy"
point_at() {
  ln -s "$1" next && mv -T next current
}
previous=$(readlink current)
rm -f next
point_at "$GENERATION"
if ! serves; then
  kill -HUP 1
  # One that started with other files follows at its next health check.
  if ! try_for "$reload_patience" serves; then
    point_at "$previous"
    fail "nginx went on with its old configuration for $reload_patience s after a reload: see the log of the proxy"
  fi
fi
try_for "$patience" ask healthz || fail "the registry does not answer on its socket: see its log"
try_for "$patience" ask login || fail "the verifier of logins does not answer: see its log"
# The user namespace of a Docker without root: its first user is one of the machine.
read -r inside outside count < /proc/self/uid_map
if [ "$inside $count" = "0 1" ] && [ "$outside" != 0 ]; then
  echo "warning: Docker runs without root. Unless its port driver is slirp4netns or implicit, all clients have the" \
    "address of a gateway, in the log and for limits: limits.allowedAddresses lets in all of them or nobody"
fi
