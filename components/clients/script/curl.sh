# What every script of ours that asks the registry by curl needs.

# option NAME VALUE: a line for curl; none for an empty value.
option() {
  [ -z "$2" ] || printf '%s = "%s"\n' "$1" "$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')"
}

# message_in FILE: the sentence of an error of the registry.
message_in() {
  sed -nE 's/.*"message":"(([^"\\]|\\.)*)".*/\1/p' "$1" | sed 's/\\\(["\\]\)/\1/g'
}
