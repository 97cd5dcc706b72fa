# The step of the install script's proof for what is seen before any request: name, connection and certificate. What
# curl finds wrong is looked at more closely with openssl, where there is one.
#
# Needs `SCHEME`, `CA_CERTIFICATE`, `CLIENT_CERTIFICATE`, `CLIENT_KEY`, `HOSTS_ENTRY`, `send`, `scratch`; sets `resolve`.

# --- The proof: name, connection, certificate ------------------------------------------------------------------
# prove_address ADDRESS: whether requests reach it at all.
prove_address() {
  resolve=""
  send GET "$SCHEME://$1/v2/" nobody
  if [ "$code" -eq 6 ] && [ -n "$HOSTS_ENTRY" ]; then
    resolve=$(resolved_by_hosts "$1")
    send GET "$SCHEME://$1/v2/" nobody
    if [ "$code" -ne 6 ]; then right "$1 is unknown to DNS, and found by the line for the hosts file"; fi
  fi
  case $code in
    0) if [ "$SCHEME" = https ]; then right "the certificate is for $1, and of an authority that this machine is told to trust"; fi ;;
    6) wrong "the name in $1 is unknown on this machine" "add it to DNS, or set clientAddress in the stack and install again" ;;
    7 | 28) wrong "nothing answers at $1" "npm run status at the stack says what does not run, npm run start starts it; else look for a firewall between here and there" ;;
    35 | 52 | 56) wrong "what answers at $1 breaks off: $(error_of_curl)" "another service may listen there, or a client certificate be asked for: npm run status, and install again" ;;
    58) wrong "the client certificate cannot be used: $(error_of_curl)" "get the install script anew from the stack" ;;
    51 | 60 | 77) prove_certificate "$1" ;;
    *) wrong "$1 cannot be asked: $(error_of_curl)" "npm run status at the stack" ;;
  esac
  [ "$code" -eq 0 ]
}

# resolved_by_hosts ADDRESS: name, port and IP address for curl.
resolved_by_hosts() {
  ip=${HOSTS_ENTRY%% *}
  case $ip in *:*) ip="[$ip]" ;; esac
  case $1 in
    *:*) printf '%s:%s\n' "$1" "$ip" ;;
    *) printf '%s:443:%s\n' "$1" "$ip" ;;
  esac
}

# prove_certificate ADDRESS: what is wrong with it, in the words of OpenSSL or GnuTLS behind curl.
prove_certificate() {
  case $(error_of_curl) in
    *"expired"*)
      wrong "the certificate at $1 has expired" "npm run up renews ours; one of your own, or of a load balancer, is to be replaced there" ;;
    *"not yet valid"* | *"not yet activated"*)
      wrong "the certificate at $1 is not valid yet" "set the clock of this machine right, or that of whoever made the certificate" ;;
    *"subject name"* | *"match"* | *"hostname"*)
      wrong "the certificate at $1 is for another name: $(served_names "$1")" "write the name into hostnames, then npm run up; a load balancer needs a certificate for it" ;;
    *) prove_chain "$1" ;;
  esac
}

# prove_chain ADDRESS: nothing leads from the certificate to what is trusted.
prove_chain() {
  last=$(last_issuer "$1")
  case $last in
    "") wrong "the certificate at $1 leads to no authority that is trusted here: an intermediate is missing behind it, or somebody else answers" \
      "put the intermediates behind the certificate where it is served; else get the install script anew from the stack" ;;
    self*) wrong "the certificate at $1 is of another authority: ${last#self }" \
      "get the install script anew from the stack, as the authority may have changed; if it is none of yours, something on the way opens TLS" ;;
    *) wrong "the chain at $1 ends too early: the certificate of \"$last\" is missing behind those that are served" \
      "put it behind the certificate, in certificatePem or chainPem of ownCertificate or at the load balancer; if that name is none of yours, something on the way opens TLS" ;;
  esac
}

# served_chain ADDRESS: the certificates as they are served, in PEM.
served_chain() {
  has openssl || return 0
  host=${1%:*} port=${1##*:}
  case $1 in
    *]) host=$1 port=443 ;;
    *:*) ;;
    *) port=443 ;;
  esac
  place=$host:$port
  [ -z "$resolve" ] || place=${resolve#"$place:"}:$port
  set -- -connect "$place"
  case $host in
    \[*) ;;
    *[!0-9.]*) set -- "$@" -servername "$host" ;;
  esac
  openssl s_client "$@" -showcerts </dev/null 2>/dev/null | sed -n '/BEGIN CERT/,/END CERT/p'
}

served_names() {
  names=$(served_chain "$1" | openssl x509 -noout -ext subjectAltName 2>/dev/null | tail -n +2 | tr -d '\n')
  printf '%s\n' "${names:-$(error_of_curl)}"
}

# last_issuer ADDRESS: who signed the last of them; "self NAME" if that is the authority itself, nothing without openssl.
last_issuer() {
  served_chain "$1" | awk '/BEGIN CERT/ { text = "" } { text = text $0 "\n" } END { printf "%s", text }' >"$scratch/last"
  [ -s "$scratch/last" ] || return 0
  issuer=$(openssl x509 -noout -issuer -nameopt RFC2253 <"$scratch/last" 2>/dev/null)
  subject=$(openssl x509 -noout -subject -nameopt RFC2253 <"$scratch/last" 2>/dev/null)
  if [ "${issuer#issuer=}" = "${subject#subject=}" ]; then printf 'self '; fi
  printf '%s\n' "${issuer#issuer=}"
}

error_of_curl() {
  sed -n 's/^curl: ([0-9]*) *//p' "$scratch/error" | head -n 1
}
