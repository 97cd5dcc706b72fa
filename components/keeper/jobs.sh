# Functions that run the program.

files_in_use() { generation=/etc/private-registry/$(readlink /etc/private-registry/current); }
program() { node "$generation/keeper.js" "$generation/settings.json" "$@"; }
# Under a lock, so that a restore never meets a purge.
locked() { mkdir -p "$trash" && flock "$trash/step.lock" node "$generation/keeper.js" "$generation/settings.json" "$@"; }
# Why a job failed: the error of a Node that broke off, or what was written last, as one line that JSON can hold.
last_words() { { grep -m 1 'Error: ' "$1" || tail -n 1 "$1"; } | tr -cd ' -~' | sed 's/["\]//g'; }
# tell NAME PROBLEM: what the health check says until it is taken back. It comes at any moment, and takes an empty file
# for a keeper without a problem: so the file gets its name last.
tell() { echo "$2" > "/tmp/problem-$1" && mv "/tmp/problem-$1" "/tmp/problems/$1"; }
# How far a job is, for who asked for it.
progress() { [ -z "$id" ] || { echo "$1" > "answers/$id/progress.new" && mv "answers/$id/progress.new" "answers/$id/progress"; }; }
# attempt NAME COMMAND...: that it failed is told by the health check until the same succeeds.
attempt() {
  name=$1
  shift
  "$@" 2> "/tmp/messages-$name"
  code=$?
  cat "/tmp/messages-$name" >&2
  if [ "$code" -eq 0 ]; then
    rm -f "/tmp/problems/$name"
  else
    reason=$(last_words "/tmp/messages-$name")
    reason="$name failed: ${reason:-it ended with exit code $code}"
    echo "$reason" >&2
    tell "$name" "$reason"
  fi
  return "$code"
}
# Whether a background job has ended, if there is one. `wait` frees what the shell keeps of it.
is_over() {
  [ -n "$1" ] || return 0
  ! kill -0 "$1" 2> /dev/null || return
  wait "$1"
  return 0
}
