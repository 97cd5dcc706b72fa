# The preparation one-shot: gives both volumes to the client's user.
#
# Needs OWNER, ACCOUNT_PATH and CERTIFICATES_PATH.

chown "$OWNER" "$ACCOUNT_PATH" "$CERTIFICATES_PATH"
