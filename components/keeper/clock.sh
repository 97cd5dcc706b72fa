# What happens by the clock. COLLECT_AT and BACKUP_AT, "HH:MM" in the time zone of `localtime`, SETTLE_SECONDS and
# EARLY_SECONDS are in `schedule`.

collected=
# When a collection last began, for whatever reason.
begun=
indexed=
daily_job=
recovery_job=
# Reads a share of all blobs after a daily run, beside whatever comes next.
scrub_waits=
scrub_job=
hourly_job=
COLLECT_AT=
SETTLE_SECONDS=
EARLY_SECONDS=
METRICS=
scrub() {
  files_in_use
  attempt scrub program scrub
}
note_time() { date +%s > "state/$1.new" && mv "state/$1.new" "state/$1"; }
# After a collection that ended with its container.
recover() {
  files_in_use
  attempt recovery locked recover
}
hourly() {
  files_in_use
  attempt index locked index
  attempt tidy program tidy
  attempt quarantine program quarantine
  [ "$METRICS" != yes ] || attempt space program space
}
# Sets `now`, and the time of day as `minutes` and `seconds`. To the shell 08 is no number, but 108 is.
read_clock() {
  BACKUP_AT=
  # shellcheck source=/dev/null
  . /etc/private-registry/current/schedule
  # shellcheck disable=SC2046
  set -- $(TZ=/etc/private-registry/current/localtime date '+%s 1%H 1%M 1%S')
  now=$1
  minutes=$(($2 * 60 + $3))
  seconds=$(($4 - 100))
}
# due_at HH:MM: sets `due`, when it was last that time of day.
due_at() { due=$((now - (minutes - 1${1%:*} * 60 - 1${1#*:} + 1440) % 1440 * 60 - seconds)); }
is_past() {
  case "$1" in '' | *[!0-9]*) return 1 ;; esac
  [ "$1" -le "$now" ]
}
# Whether the disk asks for a collection before its time.
is_short() {
  is_past "$begun" || begun=0
  case "$fullness" in
    full) [ $((now - begun)) -ge "$EARLY_SECONDS" ] ;;
    filling) [ $((now - begun)) -ge $((6 * EARLY_SECONDS)) ] ;;
    *) return 1 ;;
  esac
}
look_at_clock() {
  [ -r /etc/private-registry/current/schedule ] || return
  read_clock
  due_at "$COLLECT_AT"
  if [ -z "$recovery_job" ]; then
    recover &
    recovery_job=$!
  fi
  [ -n "$collected" ] || [ ! -f state/collected ] || read -r collected < state/collected
  # The first one waits for its time, as does the next one after the clock was set back.
  if ! is_past "$collected"; then
    collected=$now
    attempt note note_time collected
  fi
  if [ "$collected" -lt "$due" ] && is_over "$daily_job"; then
    collected=$now
    begun=$now
    daily &
    daily_job=$!
    scrub_waits=yes
  elif is_short && is_over "$daily_job"; then
    begun=$now
    early &
    daily_job=$!
  fi
  if [ -n "$scrub_waits" ] && is_over "$daily_job" && is_over "$scrub_job"; then
    scrub_waits=
    scrub &
    scrub_job=$!
  fi
  look_at_backup
  is_past "$indexed" || indexed=0
  # Figures that were asked for a moment ago.
  [ "$METRICS" != yes ] || [ -e state/space.prom ] || indexed=0
  if [ $((now - indexed)) -ge 3600 ] && is_over "$hourly_job"; then
    indexed=$now
    hourly &
    hourly_job=$!
  fi
}
