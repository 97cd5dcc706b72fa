# Health of the keeper: its loop runs, the images are in their place, and no job has a problem that holds.

. ./../registry/mark.sh
if [ -z "$(find /tmp/heartbeat -mmin -1)" ]; then
  echo "the loop of the keeper stands still"
  [ ! -e /var/lib/private-registry-keeper/flags/disk ] || echo "no push begins, as it last found the disk full"
  exit 1
fi
problems=$(cat /tmp/problems/* 2> /dev/null)
# Of an earlier start, and of jobs that ended well but found something.
status=/var/lib/private-registry-keeper/state/status.json
[ -n "$problems" ] || [ ! -f "$status" ] || problems=$(sed -n 's/^  "problem": "\(.*\)",\{0,1\}$/\1/p' "$status")
echo "$problems"
[ -z "$problems" ]
