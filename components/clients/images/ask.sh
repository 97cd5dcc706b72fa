# Requests of the images command, by curl. All that is secret goes through curl's stdin, as a config file.
#
# Needs `REGISTRY`, `CA_CERTIFICATE`, `CLIENT_CERTIFICATES` (yes or no), `RESOLVE`, the login and `scratch`; sets `status`, `code` and `$scratch/answer`.

# --- Requests --------------------------------------------------------------------------------------------------
# Files that curl reads: the authority, and a client certificate that was given as text.
prepare_certificates() {
  if [ "$CLIENT_CERTIFICATES" = yes ] && { [ -z "$client_certificate" ] || [ -z "$client_key" ]; }; then
    # curl would only say that the connection has ended.
    fail "no client certificate. Set REGISTRY_CLIENT_CERTIFICATE and REGISTRY_CLIENT_KEY, as --help says."
  fi
  [ -z "$CA_CERTIFICATE" ] || printf '%s\n' "$CA_CERTIFICATE" >"$scratch/ca.crt"
  client_certificate=$(path_of "$client_certificate" client.cert)
  client_key=$(path_of "$client_key" client.key)
}

# path_of VALUE NAME: prints the path of a file with a PEM text, which is written if VALUE is that text itself.
path_of() {
  case $1 in
    -----BEGIN*)
      printf '%s\n' "$1" >"$scratch/$2"
      printf '%s\n' "$scratch/$2"
      ;;
    *) printf '%s\n' "$1" ;;
  esac
}

. ./../script/curl.sh

options() {
  option url "https://$REGISTRY/_keeper/$2"
  option request "$1"
  option data "$3"
  if [ -n "$3" ]; then option header "Content-Type: application/json"; fi
  option header "Accept: $accepted"
  option user "$username:$password"
  if [ -n "$CA_CERTIFICATE" ]; then option cacert "$scratch/ca.crt"; fi
  option cert "$client_certificate"
  option key "$client_key"
  option resolve "$RESOLVE"
}

# ask METHOD PATH [BODY]: $status is that of the answer, or 000 without one; $code is how curl ended.
ask() {
  : >"$scratch/answer"
  code=0
  status=$(options "$1" "$2" "${3-}" |
    curl -q -sS -g --proto =https --connect-timeout 20 --speed-time 60 --speed-limit 1 -K - \
      -o "$scratch/answer" -w '%{http_code}' 2>"$scratch/error") || code=$?
  [ "$code" -eq 0 ] || status=000
}

# answer_fails: ends the script with the reason of an answer that is none, and what to do.
answer_fails() {
  case $status in
    000) fail "$(connection_problem)
$(cat "$scratch/error")" ;;
    401) fail "wrong credentials. Check the name and the password of $username: they may have changed." ;;
    404) fail "no keeper. The registry takes no such requests (now): keeper.enabled of its stack may be false." ;;
    *) fail "$(reason)" ;;
  esac
}

# reason: what the registry says itself.
reason() {
  text=$(message_in "$scratch/answer")
  printf '%s\n' "${text:-the answer has the status $status. Check that $REGISTRY is the registry, and look into its log.}"
}

# connection_problem: the kind of it, and what to do.
connection_problem() {
  case $code in
    58) echo "wrong client certificate. Check REGISTRY_CLIENT_CERTIFICATE and REGISTRY_CLIENT_KEY." ;;
    51 | 60 | 77) echo "wrong authority. It may have changed: get this script anew from the registry's stack." ;;
    6) echo "unknown name. Add $REGISTRY to DNS or /etc/hosts." ;;
    *) echo "no connection. Check that this machine reaches the registry at $REGISTRY." ;;
  esac
}
