# The preparation one-shot: gives both volumes to the client's user, and leaves of what the renewer is given the newest.
#
# Needs OWNER, ACCOUNT_PATH, CERTIFICATES_PATH, GIVEN_PATH and GIVEN, the name of the newest.

set -eu
chown "$OWNER" "$ACCOUNT_PATH" "$CERTIFICATES_PATH"
[ -d "$GIVEN_PATH" ] || exit 0
cd "$GIVEN_PATH"
for folder in *; do
  [ "$folder" = "$GIVEN" ] || rm -rf "$folder"
done
chown -R "$OWNER" .
