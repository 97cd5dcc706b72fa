# Removes what uploads have left that nobody ended: parts that no listing shows, and the notes of the registry. Begins with
# rclone.sh; HOURS is their age.
# shellcheck shell=sh

rclone --log-level ERROR backend cleanup "$ROOT" -o "max-age=${HOURS}h" || exit 1
status=0
rclone --log-level ERROR delete "$ROOT/docker/registry/v2/repositories" --include '**/_uploads/**' --min-age "${HOURS}h" || status=$?
# 3: there is no such folder.
[ $status -eq 0 ] || [ $status -eq 3 ]
