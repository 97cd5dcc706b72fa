# Functions of a collection. It has a background shell of its own, and the lock ends with that.

# One at a time, and none while something else, such as a backup, has the lock. Whoever dies lets go of it.
open_lock() {
  # A redirection that fails would end a shell with `exec`.
  mkdir -p "$trash" && true >> "$trash/run.lock" && exec 9>> "$trash/run.lock"
}
# A step has the id of the request that asked for the collection, if one did: it tells how far it is, and the last one
# answers.
step() { locked "$1" ${id:+"$id"}; }
# As long as a request of a client may be delayed between two of its steps.
settle() {
  progress "waiting $SETTLE_SECONDS s for what is under way"
  sleep "$SETTLE_SECONDS"
}
take() {
  step take-links && settle && step look && step take-blobs && settle && step look && step finish
}
collect() {
  end_lost_order
  program mark ${id:+"$id"} || return
  take && return
  failure=$?
  # What is missing comes back at once, and not at the next run.
  step look
  return "$failure"
}
daily() {
  id=
  files_in_use
  if attempt lock open_lock && flock 9; then
    attempt retention locked retention
    attempt collection collect
  fi
  # Not before the end: one that is killed with its container begins anew after the next start.
  attempt note note_time collected
}
# Brought forward by the disk. Without retention, whose rules are looked at once a day.
early() {
  id=
  files_in_use
  if [ "$fullness" = full ]; then
    rm -f "$trash/reserve"
    attempt relief locked relief
  fi
  if attempt lock open_lock && flock -n 9; then attempt collection collect; fi
}
