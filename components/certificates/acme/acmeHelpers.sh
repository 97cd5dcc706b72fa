# Functions of the scripts here. A certificate fits if it is for these names and from this server.
#
# Needs ACME_SERVER and ACME_NAMES, of the environment.

cd /var/lib/acme-account || exit 1
current=/var/lib/acme-certificates/current
wanted="$ACME_SERVER $ACME_NAMES"
now() { date +%s; }
from() { line=; [ ! -f "$1" ] || read -r line < "$1"; echo "${line:-$2}"; }
fits() { [ "$(from "$current/settings" none)" = "$wanted" ]; }
