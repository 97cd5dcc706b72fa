/**
 * The step of the install script that writes our line to `/etc/hosts`, for clients whose DNS does not know the
 * registry. The line ends in a comment that names the registry, by which we find it again. The file is rewritten
 * in place: in a container it is a bind mount, which cannot be replaced by `mv`.
 *
 * Needs `REGISTRY`, `HOSTS_ENTRY` ("" for none), and the records.
 */
export const hosts = `
# --- Name: our line in /etc/hosts ----------------------------------------------------------------------------
HOSTS_FILE=/etc/hosts
HOSTS_MARK="# private-registry-client $REGISTRY"

install_hosts_line() {
  if [ -z "$HOSTS_ENTRY" ]; then
    remove_hosts_line
    return
  fi
  warn_of_other_hosts_lines
  hosts_with "$HOSTS_ENTRY $HOSTS_MARK" >"$STATE/.new"
  if owned "$HOSTS_FILE" && cmp -s "$STATE/.new" "$HOSTS_FILE"; then
    say "in $HOSTS_FILE already: $HOSTS_ENTRY"
    return
  fi
  change "$HOSTS_FILE" overwrite "$HOSTS_FILE" "$STATE/.new"
  say "added to $HOSTS_FILE: $HOSTS_ENTRY"
}

remove_hosts_line() {
  owned "$HOSTS_FILE" || return 0
  give_back "$HOSTS_FILE" take_out_hosts_line
  say "taken out of $HOSTS_FILE: our line"
}

take_out_hosts_line() {
  hosts_with "" >"$STATE/.new"
  cmp -s "$STATE/.new" "$HOSTS_FILE" || overwrite "$HOSTS_FILE" "$STATE/.new"
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

# A name that stands in the file with another address wins or loses by its place: somebody must decide.
warn_of_other_hosts_lines() {
  ENTRY=$HOSTS_ENTRY MARK=$HOSTS_MARK awk '
    BEGIN { count = split(ENVIRON["ENTRY"], entry, " ") }
    substr($0, length($0) - length(ENVIRON["MARK"]) + 1) == ENVIRON["MARK"] { next }
    { sub(/#.*/, "") }
    { for (i = 2; i <= NF; i++) for (j = 2; j <= count; j++)
        if ($i == entry[j] && $1 != entry[1]) print entry[j] " is " $1 " there, but " entry[1] " for us" }
  ' "$(file_or_nothing "$HOSTS_FILE")" >"$STATE/.new"
  while IFS= read -r conflict; do
    warn "another line of $HOSTS_FILE names the registry: $conflict. Take that line out if it is old."
  done <"$STATE/.new"
}
`;
