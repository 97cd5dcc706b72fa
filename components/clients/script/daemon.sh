# The step of the install script for a registry without TLS: `insecure-registries` of Docker's `daemon.json`, a file
# that others share, merged with python3 or jq. With TLS (`{}`) it only takes out what an earlier
# installation wrote, because an address in that list is not verified at all.
#
# dockerd reads the list again at SIGHUP (moby, `daemon/reload.go`), but a list that has gone leaves the old one in
# force until a restart (`reloadInsecureRegistries`, `IsValueSet`): so it is shown an empty one for a moment.
#
# Needs `DAEMON_JSON`, `ADDRESSES`, and the records.

# --- Plain HTTP only: insecure-registries in Docker's daemon.json -----------------------------------------------
DAEMON_FILE=$ETC/docker/daemon.json

# Docker from snap sees no /etc of the machine.
tell_of_snap() {
  case $(readlink -f "$(command -v docker)") in
    */snap) ;;
    *) return 0 ;;
  esac
  own=/var/snap/docker/current
  warn "Docker is a snap here, which reads $own/etc/docker/certs.d in place of /etc/docker/certs.d, and" \
    "$own/config/daemon.json. Run after this: cp -r /etc/docker/certs.d $own/etc/docker/ && snap restart docker"
}

install_daemon_entry() {
  if [ "$(recorded daemon.json)" != "$DAEMON_JSON" ]; then remove_daemon_entry; fi
  [ "$DAEMON_JSON" != "{}" ] || return 0
  if daemon_lists_addresses "$DAEMON_FILE"; then
    say "in $DAEMON_FILE already: insecure-registries"
    return
  fi
  if [ -s "$DAEMON_FILE" ]; then
    merge_daemon_json add "$DAEMON_JSON" >"$scratch/new" || fail "cannot merge $DAEMON_FILE: it must be valid JSON, and" \
      "that needs python3 or jq here. Either install one of them, or add these lines by hand and reload Docker;" \
      "then run this script again: $DAEMON_JSON"
  else
    printf '%s\n' "$DAEMON_JSON" >"$scratch/new"
  fi
  make_directories "$(dirname "$DAEMON_FILE")" 755
  printf '%s\n' "$DAEMON_JSON" >"$RECORD/daemon.json"
  change "$DAEMON_FILE" overwrite "$DAEMON_FILE" "$scratch/new"
  say "added to $DAEMON_FILE: insecure-registries"
  reload_docker
}

remove_daemon_entry() {
  owned "$DAEMON_FILE" || return 0
  give_back "$DAEMON_FILE" take_out_daemon_entry
  rm -f "$RECORD/daemon.json"
  say "taken out of $DAEMON_FILE: insecure-registries"
  make_docker_forget
}

# Shows dockerd the list without our registries, though it may be empty, and puts the file back as it was.
make_docker_forget() {
  if [ -s "$DAEMON_FILE" ]; then
    cp "$DAEMON_FILE" "$scratch/kept"
    merge_daemon_json list '{"insecure-registries":[]}' >"$scratch/new" || return 0
    overwrite "$DAEMON_FILE" "$scratch/new"
    reload_docker
    overwrite "$DAEMON_FILE" "$scratch/kept"
  else
    folder=$(dirname "$DAEMON_FILE")
    made=no
    if [ ! -d "$folder" ]; then mkdir "$folder" && made=yes; fi
    printf '{"insecure-registries": []}\n' >"$DAEMON_FILE"
    reload_docker
    rm -f "$DAEMON_FILE"
    if [ "$made" = yes ]; then rmdir "$folder"; fi
  fi
}

take_out_daemon_entry() {
  if [ "$putting_back" = yes ] || [ ! -s "$DAEMON_FILE" ]; then return 0; fi
  if merge_daemon_json remove "$(recorded daemon.json)" >"$scratch/new"; then
    overwrite "$DAEMON_FILE" "$scratch/new"
  else
    leftover "take these lines out of $DAEMON_FILE by hand: $(recorded daemon.json)"
  fi
}

check_daemon_entry() {
  if [ "$DAEMON_JSON" = "{}" ]; then
    if owned "$DAEMON_FILE"; then
      finding "insecure-registries of $DAEMON_FILE still names the registry" "take it out of $DAEMON_FILE"
    fi
  elif ! daemon_lists_addresses "$DAEMON_FILE"; then
    finding "missing insecure-registries in $DAEMON_FILE: $REGISTRY" "merge $DAEMON_FILE"
  fi
}

# daemon_lists_addresses FILE
daemon_lists_addresses() {
  for address in $ADDRESSES; do
    grep -qF -e "\"$address\"" "$1" 2>/dev/null || return 1
  done
}

# merge_daemon_json add|remove|list FRAGMENT: prints the file with the fragment's registries added, taken out, or
# taken out of a list that stays though it be empty.
merge_daemon_json() {
  if command -v python3 >/dev/null 2>&1; then
    python3 -c '
import json, sys
action, fragment, path = sys.argv[1:]
ours = json.loads(fragment)["insecure-registries"]
with open(path, encoding="utf-8") as file:
    settings = json.load(file)
theirs = [entry for entry in settings.pop("insecure-registries", []) if entry not in ours]
entries = theirs + ours if action == "add" else theirs
if entries or action == "list":
    settings["insecure-registries"] = entries
print(json.dumps(settings, indent=2, ensure_ascii=False))
' "$1" "$2" "$DAEMON_FILE" </dev/null
  elif command -v jq >/dev/null 2>&1; then
    jq --arg action "$1" --argjson fragment "$2" '
      $fragment["insecure-registries"] as $ours
      | ((.["insecure-registries"] // []) - $ours) as $theirs
      | (if $action == "add" then $theirs + $ours else $theirs end) as $entries
      | if $entries == [] and $action != "list" then del(.["insecure-registries"]) else .["insecure-registries"] = $entries end
    ' "$DAEMON_FILE"
  else
    return 1
  fi
}

reload_docker() {
  if is_root; then
    set -- systemctl
    pid_file=/var/run/docker.pid
  else
    set -- systemctl --user
    pid_file=$RUNTIME_FOLDER/docker.pid
  fi
  if "$@" is-active --quiet docker 2>/dev/null && "$@" reload docker; then
    say "Docker has read $DAEMON_FILE again (systemctl reload)"
  elif pid=$(cat "$pid_file" 2>/dev/null) && grep -qx dockerd "/proc/$pid/comm" && kill -HUP "$pid"; then
    sleep 1 # It takes a signal when it comes to it, and the login comes next.
    say "Docker has read $DAEMON_FILE again (SIGHUP)"
  else
    warn "Docker could not be told to read $DAEMON_FILE again: reload or restart it"
  fi
}
