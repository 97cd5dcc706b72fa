# The step of the install script for files that other people share and that know no drop-ins: `registries.yaml` of
# k3s and RKE2, `buildkitd.toml`. We write such a file if there is none, out of the parts of every registry
# installed here; one of somebody else is not edited: our part lies beside the records, to be merged by hand.
#
# Needs `shared_file_of`, `sections_of`, `part_of`, `restart_hint_of`, `runtimes`, and the records.

# --- Files that are shared and know no drop-ins -----------------------------------------------------------------
install_shared_files() {
  for runtime in $(recorded shared); do
    wants "$runtime" || remove_shared_file "$runtime"
  done
  for runtime in $runtimes; do
    if [ -n "$(part_of "$runtime")" ]; then install_shared_file "$runtime"; else remove_shared_file "$runtime"; fi
  done
}

install_shared_file() {
  path=$(shared_file_of "$1")
  for section in $(sections_of "$1"); do
    mkdir -p "$STATE/.parts/$1/$section"
    part_of "$1" "$section" >"$STATE/.parts/$1/$section/$RECORD_NAME"
  done
  record shared "$1"
  compose "$1" "$STATE/.parts/$1" >"$scratch/new"
  if owned "$path" && cmp -s "$scratch/new" "$path"; then
    say "set up already: $path"
    return
  fi
  if [ -e "$path" ] && ! ours "$path"; then
    part_of "$1" >"$RECORD/$1"
    names_addresses "$path" || leftover "$path is somebody else's: merge $RECORD/$1 into it by hand"
    return
  fi
  make_directories "$(dirname "$path")" 755
  change "$path" overwrite "$path" "$scratch/new" 600
  say "set up: $path"
  restart_hint "$1"
}

remove_shared_file() {
  recorded shared | grep -qxF -e "$1" || return 0
  path=$(shared_file_of "$1")
  for section in $(sections_of "$1"); do rm -f "$STATE/.parts/$1/$section/$RECORD_NAME"; done
  if owned "$path"; then
    give_back "$path" recompose "$1"
    say "taken out of $path: our part"
    restart_hint "$1"
  elif [ -e "$path" ] && ! ours "$path" && names_addresses "$path"; then
    leftover "take $REGISTRY out of $path by hand"
  fi
  for section in $(sections_of "$1"); do rmdir "$STATE/.parts/$1/$section" 2>/dev/null || true; done
  rmdir "$STATE/.parts/$1" "$STATE/.parts" 2>/dev/null || true
  unrecord shared "$1"
}

recompose() {
  if [ "$putting_back" = yes ] || [ ! -e "$path" ]; then return 0; fi
  if [ "$clean" = no ]; then
    leftover "$path was changed since the installation: take $REGISTRY out of it by hand"
    return
  fi
  compose "$1" "$STATE/.parts/$1" >"$scratch/new"
  overwrite "$path" "$scratch/new" 600
}

# compose RUNTIME PARTS: the whole file out of the parts of all registries, a folder for each section.
compose() {
  echo "# Written by the install scripts of private registries, and written anew by the next one."
  for section in $(sections_of "$1"); do
    if [ "$section" != tables ]; then echo "$section:"; fi
    find "$2/$section" -type f | sort | while IFS= read -r part; do cat "$part"; done
  done
}

# ours PATH: we wrote it, for this registry or another, and nobody changed it since.
ours() {
  [ -s "$STATE/.originals$1/owners" ] && untouched "$1"
}

names_addresses() {
  for address in $ADDRESSES; do
    grep -qF -e "$address" "$1" || return 1
  done
}

restart_hint() {
  say "$(restart_hint_of "$1")"
}

check_shared_files() {
  for runtime in $runtimes; do
    path=$(shared_file_of "$runtime")
    if [ -z "$path" ] || [ -z "$(part_of "$runtime")" ]; then continue; fi
    rm -rf "$scratch/parts"
    for section in $(sections_of "$runtime"); do
      mkdir -p "$scratch/parts/$section"
      if [ -d "$STATE/.parts/$runtime/$section" ]; then cp -R "$STATE/.parts/$runtime/$section" "$scratch/parts"; fi
      part_of "$runtime" "$section" >"$scratch/parts/$section/$RECORD_NAME"
    done
    compose "$runtime" "$scratch/parts" >"$scratch/new"
    if [ ! -e "$path" ]; then
      finding "missing file: $path" "write $path"
    elif cmp -s "$scratch/new" "$path"; then
      continue
    elif ours "$path"; then
      finding "outdated file: $path" "replace $path"
    elif ! names_addresses "$path"; then
      finding "not in $path, which is somebody else's: $REGISTRY" "ask you to merge our part into $path"
    fi
  done
}
