/**
 * The step of the install script that logs in with the client's own command, so that a credential helper is used
 * where one is set up. The password goes through a pipe of the shell: it is in no process list, and the
 * script's own stdin, which may be the script itself, is not read.
 *
 * Needs `ADDRESSES`, `USERNAME`, `PASSWORD`, `DOCKER_CONFIG`, and the records.
 */
export const credentials = String.raw`
# --- Credentials: docker login -------------------------------------------------------------------------------
install_credentials() {
  if [ "$(recorded docker-config)" != "$DOCKER_CONFIG" ]; then
    remove_credentials_except /dev/null
    printf '%s\n' "$DOCKER_CONFIG" >"$RECORD/docker-config"
  fi
  printf '%s\n' "$ADDRESSES" >"$STATE/.wanted"
  remove_credentials_except "$STATE/.wanted"
  make_directories "$DOCKER_CONFIG" 700
  for address in $ADDRESSES; do
    record logins "$address"
    change "$DOCKER_CONFIG/config.json" log_in "$address"
    say "logged in as $USERNAME at $address ($DOCKER_CONFIG/config.json)"
  done
  rm -f "$STATE/.wanted"
}

log_in() {
  config=$DOCKER_CONFIG/config.json
  rm -f "$STATE/.before"
  if [ -e "$config" ]; then cp -p "$config" "$STATE/.before"; fi
  answer=$(printf '%s' "$PASSWORD" | docker login --username "$USERNAME" --password-stdin "$1" 2>&1) ||
    fail "docker login at $1 was refused: $answer
$(login_remedy "$answer")"
  if cmp -s "$STATE/.before" "$config"; then touch -r "$STATE/.before" "$config"; fi
  rm -f "$STATE/.before"
}

login_remedy() {
  case $1 in
    *unauthorized* | *"401"*) echo "The password may have changed: get this script anew from the registry's stack." ;;
    *x509*) echo "The certificate authority may have changed: get this script anew from the registry's stack." ;;
    *"no such host"* | *"server misbehaving"*) echo "This machine does not know the name: add it to DNS or $HOSTS_FILE." ;;
    *"Docker daemon"*) echo "Start Docker on this machine: systemctl start docker" ;;
    *) echo "Check that this machine reaches the registry at $REGISTRY." ;;
  esac
}

# remove_credentials_except LIST: logs out at the addresses that are not on the list.
remove_credentials_except() {
  recorded_except logins "$1" >"$STATE/.unwanted"
  config=$(recorded docker-config)/config.json
  if [ ! -s "$1" ]; then
    give_back "$config" log_out
  elif [ -s "$STATE/.unwanted" ]; then
    change "$config" log_out
  fi
  while IFS= read -r address; do
    unrecord logins "$address"
  done <"$STATE/.unwanted"
  rm -f "$STATE/.unwanted"
}

# log_out: always by Docker's command, even where config.json is put back, because a credential helper may hold it.
log_out() {
  while IFS= read -r address; do
    if DOCKER_CONFIG=$(dirname "$config") docker logout "$address" </dev/null >/dev/null 2>&1; then
      say "logged out at $address ($config)"
    elif [ "$putting_back" = no ]; then
      leftover "log out by hand: DOCKER_CONFIG=$(dirname "$config") docker logout $address"
    fi
  done <"$STATE/.unwanted"
}
`;
