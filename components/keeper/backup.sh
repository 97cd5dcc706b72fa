# Backups. The keeper lists all links, and another container, which has restic and maybe a network, copies that list and the
# blobs. The two talk by files in `backup`: an order in `wanted`, how far it is in `progress`, how it ended in `result`. The
# other one has a lock while it is at work.

BACKUP_AT=
backed_up=
backup_job=
# Seconds without a sign of the other container after which nobody waits for it any more. It may be starting again.
most_silence=180
look_at_backup() {
  [ -n "$BACKUP_AT" ] || return 0
  [ -n "$backed_up" ] || [ ! -f state/backed_up ] || read -r backed_up < state/backed_up
  # The first one waits for its time, as does the next one after the clock was set back.
  if ! is_past "$backed_up"; then
    backed_up=$now
    attempt note note_time backed_up
  fi
  due_at "$BACKUP_AT"
  if [ "$backed_up" -lt "$due" ] && is_over "$backup_job"; then
    backed_up=$now
    daily_backup &
    backup_job=$!
  fi
}
daily_backup() {
  id=
  files_in_use
  if attempt lock open_lock && flock 9; then attempt backup backup; fi
  # Not before the end: one whose keeper is killed begins anew after the next start.
  attempt note note_time backed_up
}
# Whoever has just got the lock of collections waits for an order whose keeper was killed.
end_lost_order() {
  [ -d backup ] || return 0
  rm -f backup/wanted
  [ ! -f backup/lock ] || flock backup/lock true
}
backup() {
  end_lost_order
  progress "listing what the registry has"
  program backup-list && order backup < /dev/null && program backed-up ${id:+"$id"}
}
# Takes damaged blobs from the newest backups that have them.
repair() {
  end_lost_order
  program damaged > "/tmp/damaged" && order fetch < /tmp/damaged && locked repaired ${id:+"$id"}
}
# order VERB: has the other container do it, with what is on stdin, and waits for its end, however it is.
order() {
  read -r number < /proc/sys/kernel/random/uuid
  rm -f backup/result backup/progress
  { echo "$number $1" && cat; } > backup/wanted.new && mv backup/wanted.new backup/wanted || return
  silence=0
  sign=
  while ! has_ended; do
    sleep 1
    silence=$((silence + 1))
    heartbeat=
    [ ! -f backup/heartbeat ] || read -r heartbeat < backup/heartbeat
    [ "$heartbeat" = "$sign" ] || silence=0
    sign=$heartbeat
    far=
    [ ! -f backup/progress ] || read -r far < backup/progress
    [ -z "$far" ] || progress "$far"
    if [ "$silence" -ge "$most_silence" ]; then
      { echo "$number failed" && echo "the container of the backups does not run: npm run up starts it"; } > backup/result
    fi
  done
  rm -f backup/wanted
}
has_ended() {
  answered=
  [ ! -f backup/result ] || read -r answered _ < backup/result
  [ "$answered" = "$number" ]
}
