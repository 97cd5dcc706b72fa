# Shell functions by which the install script remembers what it changes, so that `--remove` can give every file
# back byte for byte. Several registries may share a file (`/etc/hosts`, `config.json`): the original is the file
# as it was before the first of them, and the last one to leave puts it back.
#
# Needs `STATE`, `RECORD` and `RECORD_NAME`, and the messages.

# --- What we change, and how to give it back -----------------------------------------------------------------
# $RECORD                     what this registry has installed
# $STATE/.directories         directories we made, for any registry
# $STATE/.parts/<runtime>/    parts of the files that are composed from several registries
# $STATE/.originals/<path>/   one per changed file:
#   content                   the file before our first change; missing if there was none
#   checksum                  of the file as we left it
#   owners                    the registries that have something in it
#   changed                   there if others edited it between two of our changes: it is never put back whole

# record, unrecord and recorded keep lists of $RECORD: record LIST LINE; recorded LIST prints it.
record() {
  recorded "$1" | grep -qxF -e "$2" || printf '%s\n' "$2" >>"$RECORD/$1"
}

unrecord() {
  recorded "$1" | grep -vxF -e "$2" >"$RECORD/.staying" || true
  mv "$RECORD/.staying" "$RECORD/$1"
}

recorded() {
  cat "$(file_or_nothing "$RECORD/$1")"
}

# recorded_except LIST FILE: prints the lines of the list that are not in the file.
recorded_except() {
  if [ -s "$2" ]; then recorded "$1" | grep -vxF -f "$2" || true; else recorded "$1"; fi
}

file_or_nothing() {
  if [ -e "$1" ]; then printf '%s\n' "$1"; else echo /dev/null; fi
}

putting_back=no

checksum() {
  if [ -e "$1" ]; then sha256sum <"$1"; else echo absent; fi
}

# untouched PATH: nobody but us has changed the file since our last change.
untouched() {
  [ -e "$STATE/.originals$1/checksum" ] && [ "$(checksum "$1")" = "$(cat "$STATE/.originals$1/checksum")" ]
}

# owned PATH: this registry has something in the file.
owned() {
  grep -qxF -e "$RECORD_NAME" "$STATE/.originals$1/owners" 2>/dev/null
}

# settle PATH: what the file holds now is what we left there.
settle() {
  untouched "$1" || checksum "$1" >"$STATE/.originals$1/checksum"
}

# change PATH COMMAND...: runs COMMAND, which changes the file, and remembers what was there before.
change() {
  changing=$1
  original=$STATE/.originals$changing
  shift
  mkdir -p "$original"
  if [ ! -e "$original/checksum" ]; then
    if [ -e "$changing" ]; then cp -p "$changing" "$original/content"; fi
    checksum "$changing" >"$original/checksum"
  elif ! untouched "$changing"; then
    : >"$original/changed"
  fi
  owned "$changing" || printf '%s\n' "$RECORD_NAME" >>"$original/owners"
  "$@"
  settle "$changing"
}

# give_back PATH COMMAND...: takes our part out of the file by COMMAND. If we were the last in it and nobody else
# changed it, it is put back as it was; COMMAND can tell by $putting_back.
give_back() {
  giving=$1
  original=$STATE/.originals$giving
  shift
  owned "$giving" || return 0
  clean=no
  putting_back=no
  if untouched "$giving"; then clean=yes; fi
  grep -vxF -e "$RECORD_NAME" "$original/owners" >"$original/staying" || putting_back=$clean
  if [ -e "$original/changed" ]; then putting_back=no; fi
  "$@"
  mv "$original/staying" "$original/owners"
  if [ "$putting_back" = yes ]; then put_back "$giving"; fi
  putting_back=no
  if [ ! -s "$original/owners" ]; then rm -rf "$original"; elif [ "$clean" = yes ]; then settle "$giving"; fi
}

put_back() {
  if [ -e "$STATE/.originals$1/content" ]; then cp -p "$STATE/.originals$1/content" "$1"; else rm -f "$1"; fi
}

# overwrite PATH SOURCE [MODE]: in place, because /etc/hosts is a mount point in containers. A new file is readable by
# all, unless MODE says otherwise.
overwrite() {
  if [ ! -e "$1" ]; then
    : >"$1"
    if [ $# -lt 3 ]; then chmod 644 "$1"; else chmod "$3" "$1"; fi
  fi
  cat "$2" >"$1"
}

# make_directories PATH MODE: PATH and its missing parents.
make_directories() {
  [ ! -d "$1" ] || return 0
  make_directories "$(dirname "$1")" "$2"
  printf '%s\n' "$1" >>"$STATE/.directories"
  mkdir -m "$2" "$1"
}

# remove_empty_directories: those of ours that hold nothing any more.
remove_empty_directories() {
  [ -e "$STATE/.directories" ] || return 0
  sort -ru "$STATE/.directories" >"$scratch/new"
  : >"$STATE/.directories"
  while IFS= read -r directory; do
    rmdir "$directory" 2>/dev/null || [ ! -d "$directory" ] || printf '%s\n' "$directory" >>"$STATE/.directories"
  done <"$scratch/new"
}
