# Health of the renewer: red after a failed attempt, and from the middle between renewal and end.

set -u
. ./acmeTimes.sh
if [ -s failure ]; then cat failure; exit 1; fi
if ! fits; then echo "there is no certificate yet"; exit 1; fi
end=$(from "$current/end" 0)
echo "the certificate is good until $(clock "$end")"
[ "$(now)" -lt $(( ($(renewal) + end) / 2 )) ]
