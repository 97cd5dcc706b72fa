# The stage one-shot: has nginx check the new files before anything serves them, removes older files but those that
# serve and those staged before, points `staged` at them, and points `current` at the first generation. Docker may give
# uploaded files to root or to the image's user.
#
# Needs FILES_PATH, GENERATION, VERIFIER_PATH and OWNER.

set -eu
cd "$FILES_PATH"
chown "$OWNER" . "$VERIFIER_PATH"
chown -R "$OWNER" "$GENERATION"
nginx -t -q -c "$FILES_PATH/$GENERATION/nginx.conf"
serving=$(readlink current || true)
# A server whose change was not finished may have started with what was staged before this.
staged=$(readlink staged || true)
for entry in */; do
  # Without its slash a link is removed; with it, the contents of the folder it points to.
  folder=${entry%/}
  case "$folder" in
    current | staged | "$GENERATION" | "$serving" | "$staged") ;;
    *) rm -rf "$folder" ;;
  esac
done
ln -sfn "$GENERATION" staged
[ -n "$serving" ] || ln -s "$GENERATION" current
