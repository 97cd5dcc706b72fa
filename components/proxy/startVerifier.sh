# Starts the verifier of logins. Its configuration is not among the files of the proxy: it must not depend on which of
# them are in use, and another one makes another container. A socket that is left after a kill would be in the way.
#
# Needs CONFIG, its text, and SOCKET.

set -eu
rm -f "$SOCKET"
printf '%s' "$CONFIG" > /tmp/nginx.conf
exec nginx -e stderr -c /tmp/nginx.conf
