# The stage one-shot: has nginx check the new files before anything serves them, removes older ones, points `staged` at the
# new ones, and points `current` at the first generation. Docker may give uploaded files to root or to the image's user.
#
# Needs FILES_PATH, GENERATION, VERIFIER_PATH and OWNER.

set -eu
cd "$FILES_PATH"
chown "$OWNER" . "$VERIFIER_PATH"
chown -R "$OWNER" "$GENERATION"
nginx -t -q -c "$FILES_PATH/$GENERATION/nginx.conf"
. ./removeOlder.sh
ln -sfn "$GENERATION" staged
[ -n "$serving" ] || ln -s "$GENERATION" current
