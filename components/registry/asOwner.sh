# Gives what is in the place of the images to the registry's user, where it belongs to another. On NFS with root_squash
# root is nobody: there it must belong to that user already.
#
# Needs SERVICE_UID, and MARK, the path of the mark.

refused() {
  owner=$SERVICE_UID:$SERVICE_UID
  echo "root may not write to the place of the images. If it is on NFS: export it with no_root_squash," \
    "or on its server run, in that folder: touch $(basename "$MARK") && chown -R $owner ." \
    "With SELinux on the Docker host: chcon -Rt container_file_t, on that folder" >&2
  exit 1
}
give() {
  for path in "$@"; do
    [ "$(stat -c %u "$path")" = "$SERVICE_UID" ] || chown "$SERVICE_UID:$SERVICE_UID" "$path" || refused
  done
}
