# Begins what runs in a container of rclone: lines from stdin name the store STORE: and its keys, which no environment of a
# container shows, and the authorities to trust.
# shellcheck shell=sh

set -u
umask 022
eval "$(cat)"
export RCLONE_CONFIG=/tmp/rclone.conf
: > "$RCLONE_CONFIG"
if [ -n "${AUTHORITIES-}" ]; then
  mkdir /tmp/authorities
  printf '%s\n' "$AUTHORITIES" > /tmp/authorities/further.crt
  export SSL_CERT_DIR="/etc/ssl/certs:/tmp/authorities"
fi
# shellcheck source=/dev/null
if [ -n "${FILES-}" ] && [ -e "$FILES/outgoing.sh" ]; then . "$FILES/outgoing.sh"; fi
