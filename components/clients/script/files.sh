# The step of the install script that writes the files that are ours alone: authorities, `hosts.toml`, drop-ins. One
# that somebody else put there is kept aside and replaced. Then the distribution's own program puts the authority
# into the system's trust store, if that was asked for.
#
# Needs `files_of`, `content_of`, `runtimes`, and the records.

# --- Files that are ours alone ---------------------------------------------------------------------------------
wanted_files() {
  for runtime in $runtimes; do files_of "$runtime"; done | grep . | sort -u
}

install_files() {
  wanted_files >"$scratch/wanted" || true
  remove_files_except "$scratch/wanted"
  while IFS= read -r path; do
    install_file "$path"
  done <"$scratch/wanted"
  update_trust
}

install_file() {
  content_of "$1" >"$scratch/new"
  if owned "$1" && cmp -s "$scratch/new" "$1"; then
    settle "$1"
    say "$(purpose_of "$1") already: $1"
    return
  fi
  # Replaced by somebody else since: that is now the file to keep aside.
  untouched "$1" || rm -rf "$STATE/.originals$1"
  make_directories "$(dirname "$1")" 755
  record files "$1"
  case $1 in
    *.key) change "$1" replace_key "$1" "$scratch/new" ;;
    *) change "$1" overwrite "$1" "$scratch/new" ;;
  esac
  note_trust "$1"
  say "$(purpose_of "$1"): $1"
}

# replace_key PATH SOURCE: a new file. One that is there may be open to others, whatever mode it gets now.
replace_key() {
  rm -f "$1"
  overwrite "$1" "$2" 600
}

# remove_files_except LIST: gives back the files that are not on the list.
remove_files_except() {
  recorded_except files "$1" >"$scratch/unwanted"
  while IFS= read -r path; do
    if untouched "$path"; then
      say "no longer $(purpose_of "$path"): $path"
    elif [ -e "$path" ]; then
      warn "$path was changed since the installation: left as it is. Delete it if nobody needs it."
    fi
    give_back "$path" leave_alone
    unrecord files "$path"
    note_trust "$path"
  done <"$scratch/unwanted"
}

purpose_of() {
  case $1 in
    *.crt) echo trusted ;;
    *.cert | *.key) echo "client certificate" ;;
    *) echo "set up" ;;
  esac
}

leave_alone() {
  :
}

check_files() {
  wanted_files >"$scratch/wanted" || true
  while IFS= read -r path; do
    content_of "$path" >"$scratch/new"
    case $path in
      *.crt) what=CA ;;
      *.cert) what="client certificate" ;;
      *.key) what="client key" ;;
      *) what="file" ;;
    esac
    if [ ! -e "$path" ]; then
      finding "missing $what: $path" "write $path"
    elif cmp -s "$scratch/new" "$path"; then
      continue
    elif [ "$what" = CA ] && untouched "$path" && lacks_authority "$path" "$scratch/new"; then
      finding "CA of an older generation: $path" "replace $path"
    elif [ "$what" = CA ] && untouched "$path"; then
      finding "CA no longer used: $path trusts more than the registry's authority of today" "replace $path"
    elif [ "$what" = CA ]; then
      finding "another CA: $path was put there by somebody else, or is of an older generation" "replace $path"
    else
      finding "outdated $what: $path" "replace $path"
    fi
  done <"$scratch/wanted"
  recorded_except files "$scratch/wanted" >"$scratch/unwanted"
  while IFS= read -r path; do
    finding "no longer needed: $path" "give back $path"
  done <"$scratch/unwanted"
}

# lacks_authority FILE WANTED: one of the certificates in WANTED is not in FILE.
lacks_authority() {
  awk '
    /^-----BEGIN / { text = "" }
    { text = text $0 "\n" }
    /^-----END / { if (FILENAME == ARGV[1]) known[text] = 1; else if (!(text in known)) lacking = 1 }
    END { exit !lacking }
  ' "$1" "$2"
}

# --- The system's trust store, by the distribution's own program ------------------------------------------------
os_trust_folder() {
  if ! has update-ca-trust && ! has update-ca-certificates; then return 1; fi
  for folder in /etc/pki/ca-trust/source/anchors /etc/pki/trust/anchors /etc/ca-certificates/trust-source/anchors; do
    if [ -d "$folder" ]; then
      printf '%s\n' "$folder"
      return
    fi
  done
  echo /usr/local/share/ca-certificates # Debian, Ubuntu, Alpine
}

trust_changed=no

note_trust() {
  case $1 in
    */private-registry-"$RECORD_NAME".crt | */private-registry-"$RECORD_NAME".[0-9]*.crt) trust_changed=yes ;;
  esac
}

# Debian's program leaves the links of an authority that has gone, unless it makes all of them anew.
update_trust() {
  [ "$trust_changed" = yes ] || return 0
  trust_changed=no
  if has update-ca-trust; then
    set -- update-ca-trust extract
  elif wants os-trust; then
    set -- update-ca-certificates
  else
    set -- update-ca-certificates --fresh
  fi
  "$@" </dev/null >"$scratch/answer" 2>&1 || fail "$* failed: $(cat "$scratch/answer")"
  say "the system's trust store is up to date ($*). Programs that run read it when they start again."
}
