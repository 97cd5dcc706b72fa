# Finds the registry by the names that the official images and Debian's package give it.

if ! program=$(command -v registry || command -v docker-registry); then
  echo "the image has no program named registry" >&2
  exit 1
fi
