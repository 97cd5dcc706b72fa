# What was proven goes to its place in the new volume, all at once, with the registry's user as its owner. MARK and TEXT are
# those of a place of images, OWNER is that user.
# shellcheck shell=sh

set -eu
cd /var/lib/registry
chown -R "$OWNER" .restoring
mv .restoring/docker docker
echo "$TEXT" > "$MARK"
rm -rf .restoring
chown "$OWNER" . "$MARK"
