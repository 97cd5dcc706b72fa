# The step of the install script that writes our line to `/etc/hosts`, for clients whose DNS does not know the
# registry. The line ends in a comment that names the registry, by which we find it again. The file is rewritten
# in place: in a container it is a bind mount, which cannot be replaced by `mv`.
#
# Needs `REGISTRY`, `HOSTS_ENTRY` ("" for none), and the records.

# --- Name: our line in /etc/hosts ----------------------------------------------------------------------------
HOSTS_FILE=/etc/hosts
hosts_changed=no
HOSTS_MARK="# private-registry-client $REGISTRY"

install_hosts_line() {
  if ! is_root; then
    [ -z "$HOSTS_ENTRY" ] || grep -qF -e "$HOSTS_ENTRY" "$HOSTS_FILE" ||
      warn "only root can add this to $HOSTS_FILE, if DNS does not know the registry: $HOSTS_ENTRY"
    return 0
  fi
  if [ -z "$HOSTS_ENTRY" ]; then
    remove_hosts_line
    return
  fi
  warn_of_other_hosts_lines
  hosts_with "$HOSTS_ENTRY $HOSTS_MARK" >"$scratch/new"
  if owned "$HOSTS_FILE" && cmp -s "$scratch/new" "$HOSTS_FILE"; then
    say "in $HOSTS_FILE already: $HOSTS_ENTRY"
    return
  fi
  change "$HOSTS_FILE" overwrite "$HOSTS_FILE" "$scratch/new"
  hosts_changed=yes
  say "added to $HOSTS_FILE: $HOSTS_ENTRY"
}

remove_hosts_line() {
  owned "$HOSTS_FILE" || return 0
  give_back "$HOSTS_FILE" take_out_hosts_line
  say "taken out of $HOSTS_FILE: our line"
}

take_out_hosts_line() {
  hosts_with "" >"$scratch/new"
  cmp -s "$scratch/new" "$HOSTS_FILE" || overwrite "$HOSTS_FILE" "$scratch/new"
}

# hosts_with LINE: prints the file with LINE in the place of our old line, else at the end; "" takes ours out.
hosts_with() {
  LINE=$1 MARK=$HOSTS_MARK awk '
    function put() { if (!done && ENVIRON["LINE"] != "") print ENVIRON["LINE"]; done = 1 }
    substr($0, length($0) - length(ENVIRON["MARK"]) + 1) == ENVIRON["MARK"] { put(); next }
    { print }
    END { put() }
  ' "$(file_or_nothing "$HOSTS_FILE")"
}

check_hosts_line() {
  is_root || return 0
  old=$(MARK=$HOSTS_MARK awk '
    substr($0, length($0) - length(ENVIRON["MARK"]) + 1) == ENVIRON["MARK"]
  ' "$(file_or_nothing "$HOSTS_FILE")")
  if [ -z "$HOSTS_ENTRY" ]; then
    [ -z "$old" ] || finding "hosts line no longer needed: $old" "take our line out of $HOSTS_FILE"
    return 0
  fi
  other_hosts_lines >"$scratch/new"
  while IFS= read -r conflict; do
    finding "wrong hosts line: another line of $HOSTS_FILE names the registry: $conflict" "warn of another hosts line"
  done <"$scratch/new"
  if [ -z "$old" ]; then
    finding "missing hosts line: $HOSTS_FILE has none for $REGISTRY" "add to $HOSTS_FILE: $HOSTS_ENTRY"
  elif [ "$old" != "$HOSTS_ENTRY $HOSTS_MARK" ]; then
    finding "wrong hosts line: $HOSTS_FILE has '$old', not '$HOSTS_ENTRY'" "replace our line in $HOSTS_FILE: $HOSTS_ENTRY"
  fi
}

# A name that stands in the file with another address wins or loses by its place: somebody must decide.
warn_of_other_hosts_lines() {
  other_hosts_lines >"$scratch/new"
  while IFS= read -r conflict; do
    warn "another line of $HOSTS_FILE names the registry: $conflict. Take that line out if it is old."
  done <"$scratch/new"
}

other_hosts_lines() {
  ENTRY=$HOSTS_ENTRY MARK=$HOSTS_MARK awk '
    BEGIN { count = split(ENVIRON["ENTRY"], entry, " ") }
    substr($0, length($0) - length(ENVIRON["MARK"]) + 1) == ENVIRON["MARK"] { next }
    { sub(/#.*/, "") }
    { for (i = 2; i <= NF; i++) for (j = 2; j <= count; j++)
        if ($i == entry[j] && $1 != entry[1]) print entry[j] " is " $1 " there, but " entry[1] " for us" }
  ' "$(file_or_nothing "$HOSTS_FILE")"
}
