# The login of the images command: from the environment, from a file, or asked for at the terminal. It reaches curl by a
# pipe of the shell: it is in no process list.
#
# Sets `username`, `password`, `client_certificate` and `client_key`. Stands before `set -u`.

# --- Login -----------------------------------------------------------------------------------------------------
# Set by the caller, if at all. No other program of ours has a use for them.
username=$REGISTRY_USERNAME
password=$REGISTRY_PASSWORD
login_file=$REGISTRY_LOGIN_FILE
client_certificate=$REGISTRY_CLIENT_CERTIFICATE
client_key=$REGISTRY_CLIENT_KEY
unset REGISTRY_PASSWORD REGISTRY_CLIENT_KEY

find_login() {
  if [ -z "$password" ] && [ -n "$login_file" ]; then read_login_file; fi
  if [ -z "$username" ] || [ -z "$password" ]; then ask_login; fi
  case $username in
    *:*) fail "wrong credentials. No user is called \"$username\"." ;;
  esac
}

read_login_file() {
  [ -r "$login_file" ] || fail "no login. REGISTRY_LOGIN_FILE names $login_file, which cannot be read."
  line=""
  IFS= read -r line <"$login_file" || true
  case $line in
    ?*:?*) username=${line%%:*} password=${line#*:} ;;
    *) fail "no login. The first line of $login_file is not NAME:PASSWORD." ;;
  esac
}

# Of the terminal itself: stdin may be the script.
ask_login() {
  if ! (: </dev/tty) 2>/dev/null; then
    fail "no login. Set REGISTRY_USERNAME and REGISTRY_PASSWORD, or REGISTRY_LOGIN_FILE: there is no terminal to ask at."
  fi
  if [ -z "$username" ]; then
    printf 'User at %s: ' "$REGISTRY" >/dev/tty
    IFS= read -r username </dev/tty || fail "no login."
  fi
  # First: whoever sees the question may type or paste at once.
  terminal=$(stty -g </dev/tty)
  stty -echo </dev/tty
  printf 'Password of %s: ' "$username" >/dev/tty
  IFS= read -r password </dev/tty || true
  give_terminal_back
  printf '\n' >/dev/tty
  [ -n "$password" ] || fail "no login."
}

# Whatever ends the script shows again what is typed.
give_terminal_back() {
  [ -z "$terminal" ] || stty "$terminal" </dev/tty
  terminal=""
}
