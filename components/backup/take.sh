# A backup: one snapshot of the keeper's list and of the blobs, then the rules of what stays, and once a week a look at
# whether all of it can be read.

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
# Reads one part in twenty of the data, the next one each week, where they are read for nothing. What was damaged is read
# again each day until it is right. A new repository has its first week before it.
check() {
  week=$(($(date +%s) / 604800)) last=$week part=0
  [ ! -f checked ] || read -r last part < checked
  if [ "$last" -ne "$week" ]; then
    part=$((part % 20 + 1))
    echo "looking whether the backups can be read" > progress
    set -- check --quiet
    [ "$READS_DATA" = no ] || set -- "$@" --read-data-subset "$part/20"
    if ! run_restic "$@" > /dev/null 2> /tmp/messages; then
      problem="the backup is there, but $TARGET cannot be read as a whole: $(last_words); see A damaged backup in docs/backup.md"
      return
    fi
  fi
  echo "$week $part" > checked.new && mv checked.new checked
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
  [ -n "$problem" ] || check
  run_restic stats --no-lock --mode raw-data --json > /tmp/size 2> /dev/null || echo "{}" > /tmp/size
  { cat /tmp/summary; head -n 1 /tmp/size; echo "$problem"; } | answer ok
}
