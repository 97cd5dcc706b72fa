# What the install script takes from the machine, and where it keeps things.
#
# Needs RECORD_NAME, USERNAME and PASSWORD; sets ETC, STATE, RECORD, DOCKER_CONFIG, AUTH_FILE, RUNTIME_FOLDER, PROOF_USERNAME and
# PROOF_PASSWORD.

# Set by the machine, if at all (a cloud-init job has no HOME).
[ -n "$HOME" ] || HOME=$(ID=$(id -u) awk -F: '$3 == ENVIRON["ID"] { print $6; exit }' /etc/passwd)
[ -n "$DOCKER_CONFIG" ] || DOCKER_CONFIG=$HOME/.docker
AUTH_FILE=$REGISTRY_AUTH_FILE
[ -n "$AUTH_FILE" ] || AUTH_FILE=$HOME/.config/containers/auth.json
RUNTIME_FOLDER=$XDG_RUNTIME_DIR
[ -n "$RUNTIME_FOLDER" ] || RUNTIME_FOLDER=/run/user/$(id -u)
export HOME DOCKER_CONFIG
# Whose rights --prove is about, if it is not the user of this script.
PROOF_USERNAME=$REGISTRY_USERNAME PROOF_PASSWORD=$REGISTRY_PASSWORD
unset REGISTRY_PASSWORD
if [ -z "$PROOF_USERNAME" ] || [ -z "$PROOF_PASSWORD" ]; then PROOF_USERNAME=$USERNAME PROOF_PASSWORD=$PASSWORD; fi

# A user's runtimes look below ~/.config for what those of the machine have below /etc.
if [ "$(id -u)" -eq 0 ]; then
  ETC=/etc STATE=/var/lib/private-registry-client
else
  ETC=$HOME/.config STATE=$HOME/.private-registry-client
fi
RECORD=$STATE/$RECORD_NAME

# Stop at the first error and at an unset name; no file names from patterns ([::1] is one); files for root alone.
set -euf
umask 077
