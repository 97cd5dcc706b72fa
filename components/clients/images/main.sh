# The frame of the images command: hands the request over, waits for its answer, and says how it ended.

# --- The whole -------------------------------------------------------------------------------------------------
# body: the request as JSON. Nothing in it needs to be escaped: it was checked.
body() {
  list=""
  for flag in $flags; do list="$list${list:+,}\"$flag\""; done
  printf '{"flags":[%s]' "$list"
  [ -z "$repository" ] || printf ',"repository":"%s"' "$repository"
  [ -z "$tag" ] || printf ',"tag":"%s"' "$tag"
  [ -z "$digest" ] || printf ',"digest":"%s"' "$digest"
  [ -z "$by" ] || printf ',"by":"%s"' "$by"
  [ -z "$since" ] || printf ',"since":"%s"' "$since"
  printf '}\n'
}

hand_over() {
  ask POST "$verb" "$(body)"
  [ "$status" = 202 ] || answer_fails
  id=$(cat "$scratch/answer")
}

# wait_for_answer: a quick one is waited for in silence, and a registry that is away for a while is asked again.
wait_for_answer() {
  asked=0 missed=0
  while :; do
    sleep 1
    asked=$((asked + 1))
    ask GET "answers/$id"
    case $status in
      200 | 422) return ;;
      202)
        missed=0
        if [ "$asked" -gt 2 ]; then progress "$(cat "$scratch/answer")"; fi
        ;;
      000 | 429 | 502 | 504)
        missed=$((missed + 1))
        [ "$missed" -lt 30 ] || answer_fails
        progress "the registry does not answer, trying again"
        ;;
      404) fail "$(reason)" ;;
      *) answer_fails ;;
    esac
  done
}

on_exit() {
  give_terminal_back
  rm -rf "$scratch"
}

on_signal() {
  end_progress
  [ -z "$id" ] || printf '%s: not waiting any more: the keeper goes on with it\n' "$REGISTRY" >&2
  exit 130
}

main() {
  shown="" id="" terminal="" scratch="" accepted=text/plain
  parse_arguments "$@"
  if [ "$verb" = help ]; then
    usage
    return
  fi
  case " $flags " in *" json "*) accepted=application/json ;; esac
  command -v curl >/dev/null || fail "no curl. Install it: it is the package curl of any distribution."
  trap on_exit EXIT
  trap on_signal HUP INT TERM
  find_login
  scratch=$(mktemp -d)
  prepare_certificates
  hand_over
  wait_for_answer
  end_progress
  cat "$scratch/answer"
  [ "$status" = 200 ]
}

# Stop at the first error and at an unset name; no file names from patterns ([::1] is one); files for the user alone.
set -euf
umask 077
export LC_ALL=C

# The last line, so that a script that arrives by a pipe and breaks off does nothing at all.
main "$@"
