# Before the preparation of a registry whose images are on a disk: writes what its health check writes.
#
# Needs SERVICE_UID, DATA_PATH, PROBE and MARK.

set -eu
. ./mark.sh
. ./asOwner.sh
give "$DATA_PATH" "$MARK"
if ! reason=$({ echo writable > "$PROBE"; } 2>&1); then
  case $reason in
    # Where root is nobody the registry's user may write, as the folder is its own.
    *"ermission denied"*) ;;
    *)
      echo "$reason" >&2
      exit 1
      ;;
  esac
fi
if [ -e "$PROBE" ]; then give "$PROBE"; fi
