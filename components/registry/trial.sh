# The try one-shot: starts a registry as the new one will be, in a container apart, and sees that it answers. One that
# would end at once must not take the place of one that serves. Then `current` leads to its files: the server names its
# own by their folder, people and tools find them there.
#
# Needs FILES_PATH, GENERATION, DEBUG_ADDRESS, DIRECT and WRITES.

set -u
. ./findProgram.sh
patience=30 # seconds that a registry may take until it answers
address=127.0.0.1:5000
cd "$FILES_PATH" || exit 1
set -- "http://$DEBUG_ADDRESS/debug/health"
if [ "$DIRECT" = no ]; then
  # Not on its unix socket, which wget cannot ask.
  export REGISTRY_HTTP_NET=tcp REGISTRY_HTTP_ADDR=$address
  # An object store is asked for something.
  if [ "$WRITES" = yes ]; then listing=; else listing='_catalog?n=1'; fi
  set -- "$@" "http://$address/v2/$listing"
fi
"$program" serve "$FILES_PATH/$GENERATION/config.yml" &
registry=$!
answers() {
  for url in "$@"; do
    wget -q -T 5 -O /dev/null "$url" 2>/dev/null || return 1
  done
}
fail() {
  echo "$1" >&2
  exit 1
}
ended() {
  fail "the registry does not start with these settings, its reason is above; the running one was left alone"
}
tries=$((patience * 10))
until answers "$@"; do
  kill -0 $registry 2>/dev/null || ended
  [ "$tries" -gt 0 ] || fail "the registry does not answer with these settings; the running one was left alone"
  tries=$((tries - 1))
  sleep 0.1
done
# Its certificate is read last, after it has begun to listen.
sleep 0.3
kill $registry 2>/dev/null || ended
current=$(readlink current || true)
if [ "$current" != "$GENERATION" ]; then
  [ -z "$current" ] || ln -sfn "$current" previous
  ln -sfn "$GENERATION" current
fi
