# Removes older generations of the proxy's files, but those that serve and those staged before. Part of the stage, and so
# before the new ones are in use. Needs GENERATION; sets `serving`, the folder in use, empty for none.

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
