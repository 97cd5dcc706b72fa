# The step of the install script that logs in with the client's own command, so that a credential helper is used
# where one is set up. There are two stores: Docker's `config.json`, which BuildKit's clients read too, and the
# `auth.json` of the Podman family. The password goes through a pipe of the shell: it is in no process list, and the
# script's own stdin, which may be the script itself, is not read.
#
# Needs `STORES`, `store_file`, `store_programs`, `store_of`, `call_client`, `ADDRESSES`, `USERNAME`, `PASSWORD`, `DOCKER_CONFIG`, `AUTH_FILE`, `runtimes`, and the records.

# --- Credentials: docker login, podman login -------------------------------------------------------------------
# wants_store STORE: a runtime that keeps its logins there is among those to set up.
wants_store() {
  for runtime in $runtimes; do
    [ "$(store_of "$runtime")" != "$1" ] || return 0
  done
  return 1
}

# store_client STORE: the program that writes it.
store_client() {
  for client in $(store_programs "$1"); do
    if has "$client"; then
      echo "$client"
      return
    fi
  done
}

# run_client login|logout CLIENT FILE ARGUMENT...: one login command, on the given file of $store.
run_client() {
  action=$1 client=$2 file=$3
  shift 3
  call_client "$@"
}

install_credentials() {
  for store in $STORES; do
    client=$(store_client "$store")
    if ! wants_store "$store" || [ -z "$client" ]; then
      remove_credentials_except /dev/null
      continue
    fi
    if [ "$(recorded "config-$store")" != "$(store_file "$store")" ]; then
      remove_credentials_except /dev/null
      store_file "$store" >"$RECORD/config-$store"
    fi
    printf '%s\n' "$ADDRESSES" >"$scratch/wanted"
    remove_credentials_except "$scratch/wanted"
    file=$(store_file "$store")
    if [ "$store" = docker ] && ! docker_is_ready; then
      leftover "not logged in: $DOCKER_OF_ROOT"
      continue
    fi
    make_directories "$(dirname "$file")" 700
    for address in $ADDRESSES; do
      record "logins-$store" "$address"
      change "$file" log_in "$address"
      say "logged in as $USERNAME at $address ($file)"
    done
  done
}

DOCKER_OF_ROOT="the Docker daemon here is root's, and does not trust the registry: root must run this script, and then you again"

# docker_is_ready: the daemon that our docker command talks to reads what we wrote, or what root wrote.
docker_is_ready() {
  is_root || docker_is_rootless || root_has_set_up_docker
}

docker_is_rootless() {
  docker info --format '{{.SecurityOptions}}' 2>/dev/null </dev/null | grep -q rootless
}

root_has_set_up_docker() {
  if [ "$DAEMON_JSON" != "{}" ]; then
    daemon_lists_addresses /etc/docker/daemon.json
    return
  fi
  for address in $ADDRESSES; do
    if [ -n "$CA_CERTIFICATE" ] && ! printf '%s\n' "$CA_CERTIFICATE" | cmp -s - "/etc/docker/certs.d/$address/ca.crt"; then
      return 1
    fi
  done
}

log_in() {
  rm -f "$scratch/before"
  if [ -e "$file" ]; then cp -p "$file" "$scratch/before"; fi
  client=$(store_client "$store")
  until send_login "$file" "$1"; do
    problem=$(login_problem "$1" "$answer")
    case $hosts_changed$problem in
      yeswrong* | no*) fail "$client login at $1: $problem
$answer" ;;
    esac
    # A program written in Go, such as dockerd, reads the file at most every five seconds.
    say "waiting for $client to read $HOSTS_FILE again"
    hosts_changed=no
    sleep 6
  done
  if cmp -s "$scratch/before" "$file"; then touch -r "$scratch/before" "$file"; fi
}

# send_login FILE ADDRESS: one attempt; $answer is what the client says.
send_login() {
  answer=$(printf '%s' "$PASSWORD" |
    run_client login "$client" "$1" --username "$USERNAME" --password-stdin "$2" 2>&1)
}

# login_problem ADDRESS ANSWER: the kind of it, and what to do.
login_problem() {
  case $2 in
    *nauthorized* | *"401"* | *"invalid username/password"*)
      echo "wrong credentials. The password may have changed: get this script anew from the registry's stack." ;;
    *x509*)
      echo "wrong authority. It may have changed: get this script anew from the registry's stack." ;;
    *"no such host"* | *"server misbehaving"* | *lookup*)
      echo "unknown name. Add it to DNS or $HOSTS_FILE." ;;
    *"Docker daemon"*) echo "no Docker. Start it on this machine: systemctl start docker" ;;
    *) echo "no connection. Check that this machine reaches the registry at $1." ;;
  esac
}

# remove_credentials_except LIST: logs out at the addresses that are not on the list, in the store $store.
remove_credentials_except() {
  recorded_except "logins-$store" "$1" >"$scratch/unwanted"
  file=$(recorded "config-$store")
  [ -n "$file" ] || return 0
  if [ ! -s "$1" ]; then
    give_back "$file" log_out
    rm -f "$RECORD/config-$store"
  elif [ -s "$scratch/unwanted" ]; then
    change "$file" log_out
  fi
  while IFS= read -r address; do
    unrecord "logins-$store" "$address"
  done <"$scratch/unwanted"
}

# log_out: always by the client's command, even where its file is put back, because a credential helper may hold it.
log_out() {
  client=$(store_client "$store")
  while IFS= read -r address; do
    if [ -n "$client" ] && run_client logout "$client" "$file" "$address" </dev/null >/dev/null 2>&1; then
      say "logged out at $address ($file)"
    elif [ "$putting_back" = no ]; then
      leftover "log out by hand: take $address out of $file"
    fi
  done <"$scratch/unwanted"
}

# What the files hold, and then, if nothing else is wrong, whether the registry takes it.
check_credentials() {
  for store in $STORES; do
    client=$(store_client "$store")
    if ! wants_store "$store" || [ -z "$client" ]; then continue; fi
    file=$(store_file "$store")
    if [ "$store" = docker ] && ! docker_is_ready; then
      finding "$DOCKER_OF_ROOT" "leave out docker login: $DOCKER_OF_ROOT"
      continue
    fi
    for address in $ADDRESSES; do
      held=$(cat "$(file_or_nothing "$file")")
      case $held in
        *"\"$address\""*"\"$AUTH\""* | *"\"$address\""*'"credsStore"'* | *'"credHelpers"'*"\"$address\""*) try_login ;;
        *"\"$address\""*) finding "wrong credentials: $file holds another login at $address than $USERNAME's" \
          "log in at $address as $USERNAME ($file)" ;;
        *) finding "not logged in: $file holds nothing for $address" "log in at $address as $USERNAME ($file)" ;;
      esac
    done
  done
}

try_login() {
  if [ "$mode" != check ] || [ "$found" = yes ]; then return 0; fi
  mkdir -p "$scratch/login"
  send_login "$scratch/login/config.json" "$address" ||
    finding "$client login at $address: $(login_problem "$address" "$answer")
$answer"
  rm -rf "$scratch/login"
}
