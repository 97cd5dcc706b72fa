# Before the trial of a registry in a bucket: begins an upload there by a registry of its own, sends a part and takes it
# back, so that a bucket that is not there or a key that lacks a right is told of by name. A registry that cannot delete
# starts and serves, and is found out much later.
#
# Needs STORE_CONFIG and STORE_ADDRESS.

set -u
. ./findProgram.sh
answer=/tmp/answer
problems=/tmp/problems
# Says what to do, by the words of the store; $1 is what could not be done.
explain() {
  words=$(cat "$answer" "$problems" 2> /dev/null)
  case $words in
    *NoSuchBucket*) advice="storage.s3.bucket: the store has no such bucket; make it there, or correct bucket or endpoint" ;;
    *InvalidAccessKeyId*) advice="storage.s3.accessKey: the store does not know that key; correct it, or the one in credentialsFile" ;;
    *SignatureDoesNotMatch*) advice="storage.s3.secretKey: it is not the secret of that access key; correct it" ;;
    *NoCredentialProviders* | *SharedCredsLoad*)
      advice="storage.s3: there is no key; give accessKey and secretKey or a credentialsFile that user 10001 can read, or the machine a role" ;;
    *AccessDenied* | *Forbidden*) advice="storage.s3: the key may not $1; give it the rights that docs/object-store.md lists" ;;
    *BucketRegionError* | *AuthorizationHeaderMalformed* | *PermanentRedirect* | *"invalid region"* | *IllegalLocation*)
      advice="storage.s3.region: it is not the bucket's; correct it" ;;
    *x509* | *"gave HTTP response"*)
      advice="storage.s3.endpoint: its certificate is not trusted, or there is none; give outgoing.caCertificatesPem, or correct the address" ;;
    *"no such host"* | *refused* | *timeout* | *unreachable* | *"no answer"*)
      advice="storage.s3.endpoint: the store does not answer there; correct the address, or see that this Docker host reaches it" ;;
    *) advice="storage.s3: the store refuses to let the registry $1" ;;
  esac
  echo "$advice. The running registry was left alone. The store says:" >&2
  # The detail of the answer, else of the log.
  said=$(sed -n 's/.*"detail":\(.*\)}]}.*/\1/p' "$answer" 2> /dev/null)
  [ -n "$said" ] || said=$(head -n 3 "$problems")
  printf '%s\n' "$said" | cut -c 1-600 >&2
  kill $store 2> /dev/null
  exit 1
}
# A request to that registry: method, path and body. wget of BusyBox knows no method but two.
host=${STORE_ADDRESS%:*}
port=${STORE_ADDRESS#*:}
talker=
if command -v nc > /dev/null; then
  talker=nc
  talk() { timeout 60 nc "$host" "$port"; }
elif command -v bash > /dev/null; then
  talker=bash
  talk() { timeout 60 bash -c "exec 3<> /dev/tcp/$host/$port 5<&0; cat <&5 >&3 & cat <&3; kill \$!"; }
fi
ask() {
  rm -f /tmp/request "$answer"
  mkfifo /tmp/request
  talk < /tmp/request > "$answer" 2> /dev/null &
  talking=$!
  # Stays open until the answer is there: who closes it takes the request back.
  exec 4> /tmp/request
  printf '%s %s HTTP/1.0\r\nHost: store\r\nContent-Type: application/octet-stream\r\nContent-Length: %s\r\n\r\n%s' "$1" "$2" "${#3}" "$3" >&4
  wait $talking
  exec 4>&-
  [ -s "$answer" ] || echo "no answer" > "$answer"
}
# Whether the answer has that status and the log no problem.
went_well() { head -n 1 "$answer" | grep -q " $1 " && [ ! -s "$problems" ]; }
place() { sed -n 's/^[Ll]ocation: *\(.*\)\r$/\1/p' "$answer"; }
"$program" serve "$STORE_CONFIG" 2> "$problems" > /dev/null &
store=$!
tries=100
until wget -q -T 5 -O /dev/null "http://$STORE_ADDRESS/v2/" 2> /dev/null; do
  if ! kill -0 $store 2> /dev/null || [ $tries -eq 0 ]; then explain "start with it"; fi
  tries=$((tries - 1))
  sleep 0.1
done
if [ -z "$talker" ]; then
  echo "warning: the bucket was not tried: the image has neither nc nor bash"
else
  ask GET '/v2/_catalog?n=1' ''
  went_well 200 || explain "list what is there"
  ask POST /v2/private-registry/try/blobs/uploads/ ''
  went_well 202 || explain "write"
  ask PATCH "$(place)" part
  went_well 202 || explain "write in parts and read what it wrote"
  ask DELETE "$(place)" ''
  went_well 204 || explain "delete"
fi
kill $store
