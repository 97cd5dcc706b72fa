# The one-shot that waits for a certificate that fits, and fails with the server's own message. It waits a minute longer
# than an attempt of the renewer may take.

set -u
. ./acmeHelpers.sh
good() { fits && [ "$(now)" -lt "$(from "$current/end" 0)" ]; }
if good; then echo "a certificate is there"; exit 0; fi
token=$(now).$$
echo "$token" > request.new && mv request.new request
seconds=0
while [ "$seconds" -lt 360 ]; do
  sleep 1
  seconds=$((seconds + 1))
  [ $((seconds % 15)) -ne 0 ] || echo "waiting for the ACME server: $seconds s"
  # The renewer forgets its last failure after the certificate is there.
  if good && ! [ -f failure ]; then exit 0; fi
  case $(from answer none) in
    "$token failed")
      reason=$(from failure unknown)
      case $reason in
        *"External Account Binding"*) advice="Give the server's key identifier and HMAC key: eabKeyId and eabHmacKey." ;;
        *) advice="The server must reach each of $ACME_NAMES on port 80, and there this Docker host." ;;
      esac
      printf '%s\n' "$reason" "$advice" >&2
      exit 1
      ;;
  esac
done
echo "no answer within $seconds s: see the log of the renewer" >&2
exit 1
