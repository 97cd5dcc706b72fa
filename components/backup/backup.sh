# The loop of the backups, which never ends: does what the keeper writes into `wanted`, a line "NUMBER VERB" and then digests,
# and answers in `result`, a line "NUMBER ok" or "NUMBER failed", then what it found. A lock says that it is at work, and ends
# with it: the keeper takes nothing from the disk meanwhile.
#
# One that was killed finds the same order again when it starts: restic then copies what is not there yet.

set -u
umask 007
export LC_ALL=C
# A cache that restic cannot write, or what a kill has left there, ends no backup.
export TMPDIR=/var/cache/restic/tmp
rm -rf "$TMPDIR"
mkdir -p "$TMPDIR" && cd /var/lib/private-registry-keeper/backup || exit 1
trap 'exit 0' TERM INT
list=/var/lib/private-registry-keeper/backup/list.jsonl
blobs=/var/lib/registry/docker/registry/v2/blobs
. ./repository.sh
. ./take.sh
. ./fetch.sh
answer() {
  { echo "$number $1"; cat; } > result.new && mv result.new result
}
# What restic said last, as one plain line.
last_words() {
  words=$(grep -v '^[[:space:]]*$' /tmp/messages | tail -n 1)
  case $words in
    *'"message":"'*)
      words=${words#*\"message\":\"}
      words=${words%%\"*}
      ;;
  esac
  printf '%s\n' "${words:-restic ended without a word}" | tr -cd ' -~\n' | sed 's/["\\]//g' | cut -c 1-400
}
# The lock ends with the shell that has it, which is a background one.
work() {
  exec 8>> lock && flock 8 && [ -f wanted ] || return
  number="" verb="" answered=""
  read -r number verb < wanted
  [ ! -f result ] || read -r answered _ < result
  [ "$answered" != "$number" ] || return
  : > /tmp/messages
  read_settings
  case $verb in
    backup) take ;;
    fetch) fetch ;;
    *) echo "an older version of backups does not know $verb" | answer failed ;;
  esac
}
while :; do
  date +%s > /tmp/heartbeat
  date +%s > heartbeat.new && mv heartbeat.new heartbeat
  if [ -f wanted ] && { [ -z "${job:-}" ] || ! kill -0 "$job" 2> /dev/null; }; then
    [ -z "${job:-}" ] || wait "$job"
    work &
    job=$!
  fi
  # In the background, so that a signal need not wait for its end.
  sleep 1 &
  wait $!
done
