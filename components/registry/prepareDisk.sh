# Before the preparation of a registry whose images are on a disk: writes what its health check writes.
#
# Needs OWNER, PROBE and MARK.

set -eu
. ./mark.sh
echo writable > "$PROBE"
chown "$OWNER" "$PROBE" "$MARK"
