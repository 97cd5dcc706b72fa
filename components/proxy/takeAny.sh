# Before nginx starts: takes the newest certificate that it accepts.

. ./take.sh
take_any() {
  for name in "$(newest)" $(find /etc/private-registry-certificates -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort -r); do
    if take "$name"; then return 0; fi
  done
  echo "there is no certificate that nginx accepts" >&2
  return 1
}
take_any || exit 1
