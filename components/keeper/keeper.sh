# The keeper's loop, which never ends: requests each second, the disk every five, an index each hour, and once a day
# retention and a collection. Node runs for a job and ends; at rest there is this shell and a `sleep`.
#
# Nothing here decides what goes: that is the program's. Whatever happens to a job, the loop goes on. Each job uses the
# files that are in use when it begins, a collection to its end. /tmp is memory of the container: a full disk is told of
# from there.

set -u
. ./../registry/mark.sh
cd /var/lib/private-registry-keeper && mkdir -p /tmp/problems flags || exit 1
trash=/var/lib/registry/.trash
trap 'exit 0' TERM INT
. ./jobs.sh
. ./collection.sh
. ./requests.sh
. ./clock.sh
. ./guard.sh
. ./backup.sh
# An order of an earlier start.
rm -f backup/wanted
ticks=0
while :; do
  echo "$ticks" > /tmp/heartbeat
  [ $((ticks % 5)) -ne 0 ] || look_at_room
  [ $((ticks % 30)) -ne 0 ] || look_at_clock
  take_requests
  ticks=$((ticks + 1))
  # In the background, so that a signal need not wait for its end.
  sleep 1 &
  wait $!
done
