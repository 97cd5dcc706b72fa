# The frame of the install script: options, checks, the order of the steps, and what is said when one fails.

# --- The whole -------------------------------------------------------------------------------------------------
install() {
  choose_runtimes
  if wants docker; then tell_of_snap; fi
  mkdir -p "$STATE" "$RECORD"
  if [ -n "$chosen" ]; then printf '%s\n' "$chosen" >"$RECORD/for"; fi
  if [ "$os_trust" = yes ]; then : >"$RECORD/os-trust"; fi
  under_way=yes
  install_files
  install_shared_files
  install_hosts_line
  if wants docker; then install_daemon_entry; else remove_daemon_entry; fi
  install_credentials
  under_way=no
  [ "$leftovers" = no ] || fail "installed, but for what the warnings above name"
  say "connected:$runtimes"
}

remove() {
  if [ ! -d "$RECORD" ]; then
    say "nothing is installed here"
    return
  fi
  if [ "$dry" = yes ]; then
    grep -rlxF -e "$RECORD_NAME" "$STATE/.originals" | while IFS= read -r path; do
      path=${path#"$STATE/.originals"}
      case $path in
        */owners) say "would take our part out of ${path%/owners}" ;;
      esac
    done
    return
  fi
  for store in $STORES; do remove_credentials_except /dev/null; done
  remove_daemon_entry
  remove_hosts_line
  for runtime in $(recorded shared); do remove_shared_file "$runtime"; done
  remove_files_except /dev/null
  update_trust
  remove_empty_directories
  rm -rf "$RECORD"
  if [ -z "$(ls "$STATE")" ]; then rm -rf "$STATE"; fi
  [ "$leftovers" = no ] || fail "removed, but for what the warnings above name"
  say "removed"
}

# check: everything that this script would change, without changing it.
check() {
  choose_runtimes
  if wants docker; then tell_of_snap; fi
  check_files
  check_shared_files
  check_hosts_line
  if wants docker; then check_daemon_entry; fi
  check_credentials
  if [ "$mode" = check ] && [ "$found" = yes ]; then fail "run this script without --check to mend that"; fi
  if [ "$found" = no ]; then say "everything is in place:$runtimes"; fi
}

# finding MESSAGE ACTION: MESSAGE for --check, what we would do for --dry-run.
finding() {
  found=yes
  if [ "$mode" = check ]; then printf '%s: %s\n' "$REGISTRY" "$1" >&2; else say "would $2"; fi
}

# on_exit: what a failure leaves behind.
on_exit() {
  clean_up_proof
  rm -rf "$scratch"
  [ "$under_way" = yes ] || return 0
  warn "not finished; the lines above say what is installed. Run this script again to continue, or with --remove to undo."
}

refuse_options() {
  usage >&2
  exit 2
}

parse_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --check | --remove | --help) mode=${1#--} ;;
      -h) mode=help ;;
      --dry-run) dry=yes ;;
      --os-trust) os_trust=yes ;;
      --prove)
        mode=prove
        case ${2-} in
          "" | -*) ;;
          *[!a-z0-9._/-]*) refuse_options ;;
          *) repository=$2 && shift ;;
        esac
        ;;
      --for)
        [ $# -gt 1 ] || refuse_options
        IFS=' ,' # docker,podman are two names
        for name in $2; do chosen="$chosen $name"; done
        unset IFS
        shift
        ;;
      *) refuse_options ;;
    esac
    shift
  done
  for runtime in $chosen; do
    printf '%s\n' "$RUNTIMES" | grep -qxF -e "$runtime" || refuse_options
  done
}

main() {
  leftovers=no under_way=no found=no
  mode=install dry=no os_trust=no chosen="" runtimes="" scratch="" repository=prove upload="" pushed=""
  parse_options "$@"
  if [ "$mode" = help ]; then
    usage
    return
  fi
  trap on_exit EXIT
  trap 'exit 130' HUP INT TERM
  scratch=$(mktemp -d)
  case $mode in
    remove) remove ;;
    check) check ;;
    prove) prove ;;
    install) if [ "$dry" = yes ]; then check; else install; fi ;;
  esac
}

# The last line, so that a script that arrives by a pipe and breaks off does nothing at all.
main "$@"
