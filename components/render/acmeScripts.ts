/** Folders of the ACME client's container. */
export interface AcmePaths {
  /** Account, and what is known of the last attempt; the client's alone. */
  readonly accountPath: string;
  /** The certificates, one folder each with chain and key, and the link `current`; servers mount it too. */
  readonly certificatesPath: string;
}

/** Port inside the container on which the client answers a challenge. */
export const challengePort = 8080;

/** Longest time for one attempt, in seconds; a challenge takes some ten. */
const attemptSeconds = 300;

/** Functions of every script here. A certificate fits if it is for these names and from this server. */
const functions = ({ accountPath, certificatesPath }: AcmePaths) => `cd ${accountPath} || exit 1
current=${certificatesPath}/current
wanted="$ACME_SERVER $ACME_NAMES"
now() { date +%s; }
from() { line=; [ ! -f "$1" ] || read -r line < "$1"; echo "\${line:-$2}"; }
fits() { [ "$(from "$current/settings" none)" = "$wanted" ]; }`;

/**
 * A certificate is due the wanted days before its end, but never in the first half of its life: with a short one
 * every attempt would be due at once.
 */
const times = `clock() { date -u -d "@$1" "+%Y-%m-%d %H:%M:%S UTC"; }
renewal() {
  end=$(from "$current/end" 0)
  half=$(( ($(from "$current/start" 0) + end) / 2 ))
  days=$((end - ACME_RENEWAL_DAYS * 86400))
  echo $((days > half ? days : half))
}`;

/**
 * Script of the renewer, which never ends: asks for a certificate if none fits, or it is due, or `request` is
 * there (a HUP signal makes one), and puts certificate and key as one new folder behind \`current\`. What fails is
 * tried again after 5 minutes, then twice as long each time, up to 6 hours: a public server counts the attempts.
 */
export const renewerScript = (paths: AcmePaths) => `set -u
umask 077
# Where the official image has its program.
PATH=$PATH:/
${functions(paths)}
${times}
started=$(now)
trap 'exit 0' TERM INT
trap 'echo by-hand > request' HUP
if [ -n "\${ACME_DIRECTORY_CA:-}" ]; then
  printf '%s\\n' "$ACME_DIRECTORY_CA" > /tmp/directory-ca.pem
  export LEGO_CA_CERTIFICATES=/tmp/directory-ca.pem
fi
obtain() {
  rm -rf certificates
  set --
  for name in $ACME_NAMES; do set -- "$@" --domains "$name"; done
  timeout ${attemptSeconds} lego --accept-tos --path . --email "$ACME_EMAIL" --server "$ACME_SERVER" \\
    --http --http.port :${challengePort} "$@" run > log 2>&1
}
publish() {
  text=$(lego --path . list | sed -n 's/.*Expiry Date: *\\([0-9-]* [0-9:]*\\).*/\\1/p')
  end=$(date -u -d "$text" +%s) || return 1
  if [ "$end" -le "$(now)" ]; then
    echo "the new certificate ended at $(clock "$end"): look at the clock of this Docker host" >> log
    return 1
  fi
  # A name in the order of time, and never that of another one.
  until name=$(date -u +%Y%m%dT%H%M%SZ) && ! [ -e "${paths.certificatesPath}/$name" ]; do sleep 1; done
  new=${paths.certificatesPath}/new
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
  mv "$new" "${paths.certificatesPath}/$name" || return 1
  if ! ln -s "$name" "$new" || ! mv -T "$new" "$current"; then return 1; fi
  # The older ones are what a server falls back to.
  find ${paths.certificatesPath} -mindepth 1 -maxdepth 1 -type d | sort -r | tail -n +4 | while read -r old; do
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
  reason=$(grep -v '\\[INFO\\]' log | tail -n 8 | tr '\\n\\t' '  ')
  echo "$(clock "$(now)"): $reason; next attempt at $(clock "$retry")" > failure
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
done`;

/** Health of the renewer: red after a failed attempt, and from the middle between renewal and end. */
export const renewerHealthScript = (paths: AcmePaths) => `set -u
${functions(paths)}
${times}
if [ -s failure ]; then cat failure; exit 1; fi
if ! fits; then echo "there is no certificate yet"; exit 1; fi
end=$(from "$current/end" 0)
echo "the certificate is good until $(clock "$end")"
[ "$(now)" -lt $(( ($(renewal) + end) / 2 )) ]`;

/** Script of the preparation one-shot: gives both volumes to the client's user. */
export const acmePrepareScript = ({ accountPath, certificatesPath }: AcmePaths, uid: number) =>
  `chown ${uid}:${uid} ${accountPath} ${certificatesPath}`;

/** Script of the one-shot that waits for a certificate that fits, and fails with the server's own message. */
export const issueScript = (paths: AcmePaths) => `set -u
${functions(paths)}
good() { fits && [ "$(now)" -lt "$(from "$current/end" 0)" ]; }
if good; then echo "a certificate is there"; exit 0; fi
token=$(now).$$
echo "$token" > request.new && mv request.new request
seconds=0
while [ "$seconds" -lt ${attemptSeconds + 60} ]; do
  sleep 1
  seconds=$((seconds + 1))
  [ $((seconds % 15)) -ne 0 ] || echo "waiting for the ACME server: $seconds s"
  # The renewer forgets its last failure after the certificate is there.
  if good && ! [ -f failure ]; then exit 0; fi
  case $(from answer none) in
    "$token failed")
      from failure unknown >&2
      echo "The server must reach each of $ACME_NAMES on port 80, and there this Docker host." >&2
      exit 1
      ;;
  esac
done
echo "no answer within $seconds s: see the log of the renewer" >&2
exit 1`;
