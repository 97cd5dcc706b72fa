/** The frame of the install script: options, checks, the order of the steps, and what is said when one fails. */
export const main = `
# --- The whole -------------------------------------------------------------------------------------------------
check_root() {
  [ "$(id -u)" -eq 0 ] || fail "this changes files of the system: run it as root (sudo sh install.sh)"
}

install() {
  check_root
  command -v docker >/dev/null || fail "there is no docker command on this machine: install Docker Engine first"
  mkdir -p "$STATE" "$RECORD"
  under_way=yes
  install_certificates
  install_hosts_line
  install_daemon_entry
  install_credentials
  under_way=no
  say "connected. Try: docker pull $REGISTRY/<image>"
}

remove() {
  check_root
  if [ ! -d "$RECORD" ]; then
    say "nothing is installed here"
    return
  fi
  remove_credentials_except /dev/null
  remove_daemon_entry
  remove_hosts_line
  remove_certificates_except /dev/null
  remove_empty_directories
  rm -rf "$RECORD"
  if [ -z "$(ls "$STATE")" ]; then rm -rf "$STATE"; fi
  [ "$leftovers" = no ] || fail "removed, but for what the warnings above name"
  say "removed"
}

# on_exit STATUS: what a failure leaves behind.
on_exit() {
  rm -f "$STATE/.new" "$STATE/.wanted" "$STATE/.unwanted" "$STATE/.before"
  [ "$under_way" = yes ] || return 0
  warn "not finished; the lines above say what is installed. Run this script again to continue, or with --remove to undo."
}

main() {
  leftovers=no
  under_way=no
  trap on_exit EXIT
  trap 'exit 130' HUP INT TERM
  case $* in
    "") install ;;
    --remove) remove ;;
    --help | -h) usage ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
}

# The last line, so that a script that arrives by a pipe and breaks off does nothing at all.
main "$@"
`;
