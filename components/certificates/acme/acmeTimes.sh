# A certificate is due the wanted days before its end, but never in the first half of its life: with a short one every
# attempt would be due at once.
#
# Needs ACME_RENEWAL_DAYS, of the environment.

. ./acmeHelpers.sh
clock() { date -u -d "@$1" "+%Y-%m-%d %H:%M:%S UTC"; }
renewal() {
  end=$(from "$current/end" 0)
  half=$(( ($(from "$current/start" 0) + end) / 2 ))
  days=$((end - ACME_RENEWAL_DAYS * 86400))
  echo $((days > half ? days : half))
}
