# The prepare one-shot. A fresh volume belongs to root, and a registry that may not write there answers 200 on `/v2/`
# and 500 on a push; and Docker may give uploaded files to root or to the image's user. Of older configurations it
# leaves those two that a registry was last seen to start with.
#
# Needs SERVICE_UID, DATA_PATH (none where images are in a bucket), FILES_PATH, GENERATION, SOCKET_PATH (none where clients
# reach the registry directly), and RECURSIVE: to give every file to the registry's user, not the top folders alone.

set -eu
owner=$SERVICE_UID:$SERVICE_UID
[ -z "$DATA_PATH" ] || [ "$(stat -c %u "$DATA_PATH")" = "$SERVICE_UID" ] || chown "$owner" "$DATA_PATH"
chown "$owner" ${SOCKET_PATH:+"$SOCKET_PATH"} "$FILES_PATH"
chown -R "$owner" "$FILES_PATH/$GENERATION"
images=$DATA_PATH/docker/registry/v2
if [ -z "$DATA_PATH" ]; then
  : # Nothing of it is on this host.
elif [ "$RECURSIVE" = yes ]; then
  chown -hR "$owner" "$DATA_PATH"
elif [ -e "$images" ] && [ "$(stat -c %u "$images")" != "$SERVICE_UID" ]; then
  echo "the images belong to user $(stat -c %u "$images"), the registry runs as $SERVICE_UID: set storage.takeOwnership to true for one up" >&2
  exit 1
fi
cd "$FILES_PATH"
current=$(readlink current || true)
previous=$(readlink previous || true)
for entry in */; do
  folder=${entry%/}
  case "$folder" in
    current | previous | "$GENERATION" | "$current" | "$previous") ;;
    *) rm -rf "$folder" ;;
  esac
done
