# A backup: one snapshot of the keeper's list and of the blobs, then the rules of what stays.

# A number of a line of restic's JSON.
field() {
  case $line in
    *"\"$1\":"[0-9]*)
      value=${line#*"\"$1\":"}
      value=${value%%[!0-9]*}
      echo "$value"
      ;;
    *) echo 0 ;;
  esac
}
# Tells how far it is, and keeps the summary.
follow() {
  while read -r line; do
    case $line in
      *'"message_type":"status"'*)
        echo "copied $(($(field bytes_done) / 1048576)) of $(($(field total_bytes) / 1048576)) MiB" > progress
        ;;
      *'"message_type":"summary"'*) printf '%s\n' "$line" > /tmp/summary ;;
    esac
  done
}
snapshot() {
  set -- "$list"
  # An empty registry has none.
  [ ! -d "$blobs" ] || set -- "$@" "$blobs"
  rm -f /tmp/summary
  {
    run_restic backup --json --host "$HOST" --tag private-registry --group-by host,tags "$@" 2> /tmp/messages
    echo $? > /tmp/code
  } | follow
  read -r code < /tmp/code
  [ "$code" -eq 0 ] && [ -s /tmp/summary ]
}
take() {
  if ! open_repository || ! snapshot; then
    last_words | answer failed
    return
  fi
  echo "removing what no rule keeps" > progress
  problem=
  # shellcheck disable=SC2086
  run_restic forget --quiet --host "$HOST" --tag private-registry --group-by host,tags $KEEP \
    --prune --max-unused 10% > /dev/null 2> /tmp/messages || problem="the backup is there, but older ones did not go: $(last_words)"
  run_restic stats --no-lock --mode raw-data --json > /tmp/size 2> /dev/null || echo "{}" > /tmp/size
  { cat /tmp/summary; head -n 1 /tmp/size; echo "$problem"; } | answer ok
}
