# Functions about restic's repository.

read_settings() {
  generation=/etc/private-registry/$(readlink /etc/private-registry/current)
  # shellcheck source=/dev/null
  . "$generation/settings"
  # shellcheck source=/dev/null
  [ ! -f "$generation/outgoing.sh" ] || . "$generation/outgoing.sh"
  # Beside the file of the system's authorities, which Go reads too.
  [ ! -d "$generation/authorities" ] || export SSL_CERT_DIR="$generation/authorities"
  export RESTIC_PASSWORD_FILE="$generation/password"
  export RESTIC_CACHE_DIR=/var/cache/restic RESTIC_PROGRESS_FPS=1
}
# restic with what ssh must know; in place of the shell where `run_exec` says so.
run_exec=
run_restic() {
  if [ -f "$generation/sshKey" ]; then
    $run_exec restic --option "sftp.args=-F /dev/null -i $generation/sshKey -o UserKnownHostsFile=$generation/knownHosts -o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=30" "$@"
  else
    $run_exec restic "$@"
  fi
}
# Whether there is a repository: 0, or 10 if there is none. For a bucket that is not there yet restic would try for a
# quarter of an hour (0.18).
probe() {
  # `exec`, so that what is ended is restic itself.
  (run_exec="exec" && run_restic cat config) > /dev/null 2> /tmp/messages &
  pid=$!
  while kill -0 "$pid" 2> /dev/null; do
    if grep -q 'specified bucket does not exist' /tmp/messages; then
      kill "$pid"
      wait "$pid"
      return 10
    fi
    sleep 1
  done
  wait "$pid"
}
# Opens the repository, and makes it the first time. Later one that is not there is more likely a disk that is not mounted.
open_repository() {
  echo "looking at $TARGET" > progress
  probe
  code=$?
  # What restic says where there is none.
  if [ "$code" -eq 10 ]; then
    known=
    [ ! -f target ] || read -r known < target
    if [ "$known" = "$TARGET" ]; then
      echo "$TARGET has no backups any more. Is its disk mounted? If you emptied it on purpose, remove the file target from the folder backup of the volume $CONTROL_VOLUME" > /tmp/messages
      return 1
    fi
    run_restic init > /dev/null 2> /tmp/messages || return
  elif [ "$code" -ne 0 ]; then
    return "$code"
  fi
  echo "$TARGET" > target.new && mv target.new target
  end_own_locks
}
# Locks in the repository that a killed restic has left. Where all are of this container they are: nobody else is at work.
end_own_locks() {
  locks=$(run_restic --no-lock list locks 2> /dev/null)
  [ -n "$locks" ] || return 0
  others=
  for lock in $locks; do
    run_restic --no-lock cat lock "$lock" 2> /dev/null | grep -q "\"hostname\": *\"$(cat /proc/sys/kernel/hostname)\"" || others=yes
  done
  if [ -n "$others" ]; then
    run_restic unlock > /dev/null 2>&1
  else
    run_restic unlock --remove-all > /dev/null 2>&1
  fi
  return 0
}
