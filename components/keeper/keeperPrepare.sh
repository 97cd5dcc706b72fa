# The prepare one-shot: gives the control volume and the files to the keeper's user, and has the keeper take the new files
# up: it looks at `current` before each job. Of older files it leaves those in use until now, which a job may still read.
#
# Needs CONTROL_PATH, FILES_PATH, GENERATION and OWNER.

set -eu
for program in node flock; do
  if ! command -v "$program" > /dev/null; then
    echo "the image of the keeper has no program named $program: leave keeperImage out, or set keeper.enabled to false" >&2
    exit 1
  fi
done
cd "$CONTROL_PATH"
mkdir -p requests answers state flags audit
chown "$OWNER" . requests answers state flags audit
cd "$FILES_PATH"
chown "$OWNER" .
chown -R "$OWNER" "$GENERATION"
# A Node that is too old for it says so here.
node --check "$GENERATION/keeper.js"
previous=$(readlink current || true)
rm -f next
ln -s "$GENERATION" next
mv -T next current
for entry in */; do
  # Without its slash a link is a link.
  folder=${entry%/}
  case "$folder" in
    current | "$GENERATION" | "$previous") ;;
    *) rm -rf "$folder" ;;
  esac
done
