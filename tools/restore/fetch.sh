# Brings a backup into a folder of a new volume: in a container of restic, with the volume at /var/lib/registry and, for a
# folder of the Docker host, that at /repository. What restic needs is among lines that stdin brings: they are secret.
#
# Prints "NAME TIME" of the snapshot. What cannot be read is told, and found out by the proof.
# shellcheck shell=sh

set -u
umask 022
eval "$(cat)"
export RESTIC_PASSWORD RESTIC_REPOSITORY RESTIC_CACHE_DIR=/tmp/cache
target=/var/lib/registry/.restoring
blobs=/var/lib/registry/docker/registry/v2/blobs
run() {
  if [ -n "${SSH_PRIVATE_KEY-}" ]; then
    (umask 077 && printf '%s\n' "$SSH_PRIVATE_KEY" > /tmp/sshKey && printf '%s\n' "$KNOWN_HOSTS" > /tmp/knownHosts)
    restic --no-lock --option "sftp.args=-F /dev/null -i /tmp/sshKey -o UserKnownHostsFile=/tmp/knownHosts -o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=30" "$@"
  else
    restic --no-lock "$@"
  fi
}
if [ -n "$(find /var/lib/registry -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .restoring)" ]; then
  echo "it has other things in it already: name a new one" >&2
  exit 2
fi
set -- --json --tag private-registry
if [ -n "${BACKUP_HOST-}" ]; then set -- "$@" --host "$BACKUP_HOST"; fi
if [ "$SNAPSHOT" != latest ]; then set -- "$@" "$SNAPSHOT"; fi
if ! run snapshots "$@" > /tmp/snapshots 2> /tmp/errors; then
  cat /tmp/errors >&2
  exit 3
fi
# restic goes on without it, and an older one would be the newest.
if [ "$SNAPSHOT" = latest ] && grep 'failed to load snapshot' /tmp/errors >&2; then
  echo "one that cannot be read may be the newest: name another with --snapshot, of those that are whole: $(grep -o '"short_id":"[0-9a-f]*"' /tmp/snapshots | cut -d '"' -f 4 | tr '\n' ' ')" >&2
  exit 3
fi
# In a snapshot the time comes first.
newest=$(grep -o -e '"time":"[0-9T:.-]*' -e '"short_id":"[0-9a-f]*' /tmp/snapshots | cut -d '"' -f 4 | paste -d ' ' - - | sort | tail -n 1)
id=${newest#* }
time=${newest% *}
if [ -z "$id" ]; then
  echo "there is no such backup" >&2
  exit 3
fi
echo "$id ${time%.*}"
mkdir -p "$target/control/backup" "$target/docker/registry/v2/blobs" "$target/docker/registry/v2/repositories"
run dump "$id" /var/lib/private-registry-keeper/backup/list.jsonl > "$target/control/backup/list.jsonl" || exit 4
# An empty registry has no blobs.
run ls "$id" "$blobs" > /tmp/listed || exit 4
if grep -q "^$blobs$" /tmp/listed; then
  # What is there already, of an attempt that was cut short, is compared and not fetched again.
  run restore "$id:$blobs" --target "$target/docker/registry/v2/blobs" --quiet >&2 || exit 4
fi
