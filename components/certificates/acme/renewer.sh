# The renewer, which never ends: asks for a certificate if none fits, or it is due, or `request` is there (a HUP signal
# makes one), and puts certificate and key as one new folder behind `current`. What fails is tried again after 5
# minutes, then twice as long each time, up to 6 hours: a public server counts the attempts.
#
# An attempt takes 300 seconds at most; a challenge takes some ten.

set -u
umask 077
# Where the official image has its program.
PATH=$PATH:/
. ./acmeTimes.sh
started=$(now)
trap 'exit 0' TERM INT
trap 'echo by-hand > request' HUP
if [ -n "${ACME_DIRECTORY_CA:-}" ]; then
  printf '%s\n' "$ACME_DIRECTORY_CA" > /tmp/directory-ca.pem
  export LEGO_CA_CERTIFICATES=/tmp/directory-ca.pem
fi
# In a shell of its own: what is exported for one attempt is not there for the next.
obtain() (
  rm -rf certificates
  set --
  for name in $ACME_NAMES; do set -- "$@" --domains "$name"; done
  for proxy in given/*/outgoing.sh; do
    # shellcheck disable=SC1090
    [ ! -f "$proxy" ] || . "./$proxy"
  done
  for authorities in "$PWD"/given/*/authorities; do
    [ ! -d "$authorities" ] || export SSL_CERT_DIR="/etc/ssl/certs:$authorities"
  done
  for binding in given/*/keyId; do
    [ -f "$binding" ] || continue
    folder=$(dirname "$binding")
    LEGO_EAB=true LEGO_EAB_KID=$(cat "$folder/keyId") LEGO_EAB_HMAC=$(cat "$folder/hmacKey")
    export LEGO_EAB LEGO_EAB_KID LEGO_EAB_HMAC
    # Older ones read the environment for other things alone; arguments can be seen by all users of the Docker host.
    lego --help | grep -q LEGO_EAB_HMAC || set -- "$@" --eab --kid "$LEGO_EAB_KID" --hmac "$LEGO_EAB_HMAC"
  done
  timeout 300 lego --accept-tos --path . --email "$ACME_EMAIL" --server "$ACME_SERVER" \
    --http --http.port :8080 "$@" run > log 2>&1
)
publish() {
  text=$(lego --path . list | sed -n 's/.*Expiry Date: *\([0-9-]* [0-9:]*\).*/\1/p')
  end=$(date -u -d "$text" +%s) || return 1
  if [ "$end" -le "$(now)" ]; then
    echo "the new certificate ended at $(clock "$end"): look at the clock of this Docker host" >> log
    return 1
  fi
  # A name in the order of time, and never that of another one.
  until name=$(date -u +%Y%m%dT%H%M%SZ) && ! [ -e "/var/lib/acme-certificates/$name" ]; do sleep 1; done
  new=/var/lib/acme-certificates/new
  rm -rf "$new"
  mkdir "$new" || return 1
  for file in certificates/*; do
    case $file in
      *.issuer.crt) ;;
      *.crt) cp "$file" "$new/chain.pem" || return 1 ;;
      *.key) cp "$file" "$new/key.pem" || return 1 ;;
    esac
  done
  if ! [ -s "$new/chain.pem" ] || ! [ -s "$new/key.pem" ]; then return 1; fi
  now > "$new/start"
  echo "$end" > "$new/end"
  echo "$wanted" > "$new/settings" || return 1
  sync
  mv "$new" "/var/lib/acme-certificates/$name" || return 1
  if ! ln -s "$name" "$new" || ! mv -T "$new" "$current"; then return 1; fi
  # The older ones are what a server falls back to.
  find /var/lib/acme-certificates -mindepth 1 -maxdepth 1 -type d | sort -r | tail -n +4 | while read -r old; do
    rm -rf "$old"
  done
}
attempt() {
  token=$(from request none)
  rm -f request
  echo "asking $ACME_SERVER for $ACME_NAMES"
  if obtain && publish; then
    rm -f failure failures retry
    echo "$token done" > answer
    echo "the certificate is good until $(clock "$(from "$current/end" 0)")"
    return
  fi
  failures=$(from failures 0)
  wait=$((300 << (failures < 7 ? failures : 7)))
  retry=$(( $(now) + (wait < 21600 ? wait : 21600) ))
  echo $((failures + 1)) > failures
  echo "$retry" > retry
  reason=$(grep -v '\[INFO\]' log | tail -n 8 | tr '\n\t' '  ')
  # Whole, as the health check takes an empty one for none.
  echo "$(clock "$(now)"): $reason; next attempt at $(clock "$retry")" > failure.new && mv failure.new failure
  cat log failure >&2
  echo "$token failed" > answer
}
due() {
  if [ -f retry ]; then
    from retry 0
  elif fits; then
    renewal
  else
    # An up asks for it with a request, and wants the answer.
    echo $((started + 60))
  fi
}
while :; do
  if [ -f request ] || [ "$(now)" -ge "$(due)" ]; then attempt; fi
  sleep 5 &
  wait $!
done
