# Puts the files of a server where it reads them. A service gets them as one secret, which has a line for each: its path and
# its content in base64.
#
# Needs FILES_PATH, GENERATION, the folder for them below it, and BUNDLE, the path of the secret.

set -eu
umask 077
while read -r path content; do
  file="$FILES_PATH/$GENERATION/$path"
  mkdir -p "${file%/*}"
  printf %s "$content" | base64 -d > "$file"
done < "$BUNDLE"
ln -sfn "$GENERATION" "$FILES_PATH/current"
set +eu
