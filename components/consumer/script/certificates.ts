/**
 * The step of the install script that makes Docker trust the registry: one `certs.d` file for each address.
 * These files are ours alone, so one that somebody else put there is kept aside and replaced.
 *
 * Needs `CERTIFICATES` (the paths, one on each line), `CA_CERTIFICATE`, and the records.
 */
export const certificates = String.raw`
# --- Trust: /etc/docker/certs.d/<address>/ca.crt -------------------------------------------------------------
install_certificates() {
  printf '%s\n' "$CERTIFICATES" >"$STATE/.wanted"
  remove_certificates_except "$STATE/.wanted"
  for path in $CERTIFICATES; do
    install_certificate "$path"
  done
  rm -f "$STATE/.wanted"
}

install_certificate() {
  printf '%s\n' "$CA_CERTIFICATE" >"$STATE/.new"
  if owned "$1" && cmp -s "$STATE/.new" "$1"; then
    settle "$1"
    say "trusted already: $1"
    return
  fi
  # Replaced by somebody else since: that is now the file to keep aside.
  untouched "$1" || rm -rf "$STATE/.originals$1"
  make_directories "$(dirname "$1")" 755
  record certificates "$1"
  change "$1" overwrite "$1" "$STATE/.new"
  say "trusted: $1"
}

# remove_certificates_except LIST: gives back the files that are not on the list.
remove_certificates_except() {
  recorded_except certificates "$1" >"$STATE/.unwanted"
  while IFS= read -r path; do
    if untouched "$path"; then
      say "no longer trusted: $path"
    elif [ -e "$path" ]; then
      warn "$path was changed since the installation: left as it is. Delete it if nobody needs it."
    fi
    give_back "$path" leave_alone
    unrecord certificates "$path"
  done <"$STATE/.unwanted"
  rm -f "$STATE/.unwanted"
}

leave_alone() {
  :
}
`;
