# Functions that run the program.

files_in_use() { generation=/etc/private-registry/$(readlink /etc/private-registry/current); }
program() { node "$generation/keeper.js" "$generation/settings.json" "$@"; }
# Under a lock, so that a restore never meets a purge.
locked() { mkdir -p "$trash" && flock "$trash/step.lock" node "$generation/keeper.js" "$generation/settings.json" "$@"; }
# Why a job failed: the error of a Node that broke off, or what was written last, as one line that JSON can hold.
last_words() { { grep -m 1 'Error: ' "$1" || tail -n 1 "$1"; } | tr -cd ' -~' | sed 's/["\]//g'; }
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
    echo "$name failed: ${reason:-it ended with exit code $code}" | tee "/tmp/problems/$name" >&2
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
