# The prepare one-shot: gives files, cache and the folder by which the keeper says what to do to the user of the backups, and
# has the new files used. The keeper writes to that folder, too: it has the group.
#
# Needs CONTROL_PATH, FILES_PATH, CACHE_PATH, REPOSITORY_PATH (empty where it is none of this host), GENERATION, OWNER and
# KEEPER.

set -eu
if [ -n "$REPOSITORY_PATH" ]; then
  cd "$REPOSITORY_PATH"
  if [ ! -f config ] && [ -n "$(find . -mindepth 1 -maxdepth 1 ! -name lost+found)" ]; then
    echo "backup.folder has other things in it than a repository of restic: name an empty folder" >&2
    exit 1
  fi
  # One that was copied here may be anybody's.
  chown -R "$OWNER" .
fi
cd "$CONTROL_PATH"
(umask 007 && mkdir -p backup/blobs && touch backup/lock)
chown "$KEEPER" backup backup/blobs backup/lock
chown -R "$OWNER" "$CACHE_PATH"
cd "$FILES_PATH"
chown "$OWNER" .
chown -R "$OWNER" "$GENERATION"
rm -f next
ln -s "$GENERATION" next
mv -T next current
for entry in */; do
  # Without its slash a link is a link.
  folder=${entry%/}
  case "$folder" in
    current | "$GENERATION") ;;
    *) rm -rf "$folder" ;;
  esac
done
