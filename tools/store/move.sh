# Copies all images from one place to another and proves them there. Begins with rclone.sh. IMAGES is a folder of this container
# for the place that is a disk; TO says which of both it is, "bucket" or "disk". What is there of an earlier run is not copied
# again, and what was proven is not read again.
#
# LAST says that the registry takes no push: what has gone since is then removed, all is compared, and the place is ready.
# SOURCE names where the images come from, OWNER, MARK and TEXT are those of a disk with images.
# shellcheck shell=sh

quiet() { rclone --log-level ERROR --checkers 16 "$@"; }
fail() {
  echo "$1" >&2
  exit 1
}
case $TO in
  bucket) from=$IMAGES to=$ROOT ;;
  *) from=$ROOT to=$IMAGES ;;
esac
notes=$to/.private-registry-moving
data=docker/registry/v2
# What is never finished, and what a keeper has taken.
set -- --exclude '**/_uploads/**' --exclude '**/_uploads/'
earlier=$(quiet cat "$notes/source" 2> /dev/null) || earlier=
if [ -z "$earlier" ]; then
  others=$(quiet lsf "$to" 2> /tmp/listing | grep -v -x -e 'lost+found/' | head -n 3)
  [ -z "$others" ] || fail "it has other things in it already, such as $(echo "$others" | head -n 1): name a new one"
  printf '%s' "$SOURCE" | quiet rcat "$notes/source" || fail "nothing can be written there"
elif [ "$earlier" != "$SOURCE" ]; then
  fail "images of $earlier are on their way there already: name another place"
fi
quiet copy --size-only --transfers 4 "$from/$data/blobs" "$to/$data/blobs" || [ "$LAST" = no ] || fail "not all blobs could be copied"
if [ "$LAST" = yes ]; then
  # A tag that was moved is a file of the same size.
  quiet sync --ignore-times --transfers 32 "$@" "$from/$data/repositories" "$to/$data/repositories" ||
    fail "not all tags could be copied"
fi
quiet lsf --recursive --files-only "$to/$data/blobs" | sort > /tmp/all || fail "the copy cannot be listed"
quiet cat "$notes/proven" 2> /dev/null | sort > /tmp/proven
comm -23 /tmp/all /tmp/proven > /tmp/new
if [ -s /tmp/new ]; then
  quiet hashsum sha256 --download --files-from-raw /tmp/new "$to/$data/blobs" > /tmp/sums || fail "the copy cannot be read"
  # A blob is named by its own digest: sha256/ab/abcd.../data.
  awk '{ n = split($2, part, "/"); if (part[n] == "data" && part[n - 1] != $1) print $2 }' /tmp/sums > /tmp/wrong
  if [ -s /tmp/wrong ] || [ "$(wc -l < /tmp/sums)" -ne "$(wc -l < /tmp/new)" ]; then
    quiet delete --files-from-raw /tmp/wrong "$to/$data/blobs"
    fail "$(wc -l < /tmp/wrong) blobs are not what they are named, such as $(head -n 1 /tmp/wrong): look at the source; what was wrong was removed from the copy"
  fi
  cat /tmp/proven /tmp/new | quiet rcat "$notes/proven"
fi
echo "$(wc -l < /tmp/all) $(wc -l < /tmp/new)"
[ "$LAST" = yes ] || exit 0
quiet check --size-only --one-way "$from/$data/blobs" "$to/$data/blobs" || fail "blobs are missing in the copy"
quiet check --download "$@" "$from/$data/repositories" "$to/$data/repositories" || fail "tags differ in the copy"
quiet purge "$notes"
if [ "$TO" = disk ]; then
  echo "$TEXT" > "$IMAGES/$MARK"
  chown -R "$OWNER" "$IMAGES"
fi
