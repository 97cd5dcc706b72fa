# Refuses to go on where the images are not in their place.

if [ ! -e /var/lib/registry/.private-registry-data ]; then
  echo "the images are not in their place: it has no file .private-registry-data. Is its disk mounted? If you emptied it on purpose, create that file there" >&2
  exit 1
fi
