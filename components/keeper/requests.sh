# Requests, each in a background shell of its own, three at most: two that take long, such as `verify` of all there is, keep
# no other waiting. Three do, and what then waits for ten minutes is not carried out (`OUTDATED` in requestJob.ts).

running=
forget_ended() {
  still=
  for entry in $running; do
    is_over "${entry%:*}" || still="$still $entry"
  done
  running=$still
}
take_requests() {
  [ -z "$running" ] || forget_ended
  for path in requests/*; do
    id=${path#requests/}
    [ ${#id} -eq 32 ] || continue
    case "$id" in *[!0-9a-f]*) continue ;; esac
    case "$running " in *":$id "*) continue ;; esac
    # shellcheck disable=SC2086
    set -- $running
    [ $# -lt 3 ] || return
    answer &
    running="$running $!:$id"
  done
}
# Whether a request may change data, by its text; what looks odd may.
changes_data() {
  text=
  if [ -f "$1" ] && [ ! -L "$1" ]; then text=$(head -c 4096 "$1"); fi
  case "$text" in
    *\\* | *'"verb"'*'"verb"'*) return 0 ;;
    *'"verb":"list"'* | *'"verb":"tags"'* | *'"verb":"show"'*) return 1 ;;
    *'"verb":"audit"'*) return 1 ;;
    *'"verb":"report"'* | *'"verb":"verify"'* | *'"verb":"collect"'*) return 1 ;;
    *'"verb":"backup"'* | *'"verb":"repair"'*) return 1 ;;
  esac
}
answer() {
  files_in_use
  messages=/tmp/messages-$id
  if changes_data "requests/$id"; then
    locked request "$id" 2> "$messages"
  else
    program request "$id" 2> "$messages"
  fi
  code=$?
  case "$code" in
    10) under_lock collect 2> "$messages" ;;
    11) under_lock backup 2> "$messages" ;;
    12) under_lock repair 2> "$messages" ;;
    *) (exit "$code") ;;
  esac
  code=$?
  cat "$messages" >&2
  [ "$code" -eq 0 ] || answer_failure "$(last_words "$messages")"
  # The program does this too, if it comes to it.
  rm -rf "requests/$id" "$messages"
}
# under_lock FUNCTION: for a request, which does not wait.
under_lock() {
  open_lock || return
  if ! flock -n 9; then
    echo "a collection or a backup is under way: ask again when it has ended" >&2
    return 1
  fi
  "$1"
}
# Answers for a program that did not. The status is written last: with it the answer is complete.
answer_failure() {
  folder=answers/$id
  if [ -e "$folder/status" ] || ! mkdir -p "$folder"; then return; fi
  reason=${1:-the keeper failed at this request: its log may say why}
  # Without its owner nobody is shown the answer. The proxy writes plain names.
  [ -e "$folder/owner" ] || sed -n 's/.*"user":"\([^"\\]*\)".*/\1/p' "requests/$id" | head -n 1 | tr -d '\n' > "$folder/owner"
  echo "$reason" > "$folder/text" && echo "{\"error\":\"$reason\"}" > "$folder/json" &&
    echo 1 > "$folder/status.new" && mv "$folder/status.new" "$folder/status"
}
