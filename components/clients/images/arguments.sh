# What is asked for on the command line of the images command. It is refused here, with one sentence, before anybody is
# asked for a password.
#
# Needs `REGISTRY`, and the expressions `REPOSITORY_NAME`, `TAG`, `DIGEST`, `USER_NAME` and `DAY`; sets `verb`, `words`, `flags`,
# `repository`, `tag`, `digest`, `by` and `since`.

# --- Arguments -------------------------------------------------------------------------------------------------
parse_arguments() {
  verb="" words="" flags="" repository="" tag="" digest="" by="" since=""
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) verb=help ;;
      --json | --apply | --dry-run | --digest | --refused) flags="$flags ${1#--}" ;;
      --by | --since)
        [ $# -gt 1 ] || refuse "what comes behind $1 is missing"
        if [ "$1" = --by ]; then by=$2; else since=$2; fi
        shift
        ;;
      -*) refuse "there is no option $1" ;;
      *)
        is_word "$1" || refuse "no name is like \"$1\""
        words="$words $1"
        ;;
    esac
    shift
  done
  [ "$verb" = help ] || check_arguments
}

# is_word TEXT: what has only characters that names may have.
is_word() {
  case $1 in
    "" | *[!A-Za-z0-9._/:@+-]*) return 1 ;;
  esac
}

check_arguments() {
  # shellcheck disable=SC2086 # Words, as they were given.
  set -- $words
  [ $# -gt 0 ] || refuse "what to do is missing"
  verb=$1
  shift
  case $verb in
    list | report | backup | repair) takes "json" 0 0 "$@" ;;
    retention) takes "json apply" 0 0 "$@" ;;
    collect) takes "json dry-run" 0 0 "$@" ;;
    tags) takes "json" 1 1 "$@" ;;
    verify) takes "json" 0 1 "$@" ;;
    audit) takes "json refused" 0 1 "$@" ;;
    show | restore) takes "json" 1 1 "$@" ;;
    delete) takes "json digest apply" 1 1 "$@" ;;
    *) refuse "\"$verb\" is nothing that can be done with images" ;;
  esac
  case $verb in
    tags | verify | audit) [ $# -eq 0 ] || read_repository "$1" ;;
    show | restore | delete) read_image "$1" ;;
  esac
  [ "$verb" = audit ] || [ -z "$by$since" ] || refuse "$verb knows neither --by nor --since"
  [ -z "$by" ] || matches "$USER_NAME" "$by" || refuse "\"$by\" is not the name of a user"
  [ -z "$since" ] || matches "$DAY" "$since" || refuse "\"$since\" is not a day, such as 2027-01-31"
}

# takes FLAGS FEWEST MOST WORD...: refuses other flags than these, and fewer or more words.
takes() {
  known=" $1 " fewest=$2 most=$3
  shift 3
  for flag in $flags; do
    case $known in
      *" $flag "*) ;;
      *) refuse "$verb knows no option --$flag" ;;
    esac
  done
  [ $# -ge "$fewest" ] || refuse "which one? \"$verb\" needs a name behind it"
  [ $# -le "$most" ] || {
    shift "$most"
    refuse "\"$1\" is one word too many for \"$verb\""
  }
}

read_repository() {
  repository=${1#"$REGISTRY/"}
  if [ "${#repository}" -gt 255 ] || ! matches "$REPOSITORY_NAME" "$repository"; then
    refuse "\"$repository\" is not the name of a repository"
  fi
}

# read_image REPOSITORY:TAG|REPOSITORY@DIGEST: sets the three of them.
read_image() {
  image=${1#"$REGISTRY/"}
  case $image in
    *@*) read_repository "${image%%@*}" && digest=${image#*@} ;;
    *:*) read_repository "${image%:*}" && tag=${image##*:} ;;
    *) refuse "\"$image\" names no single image: write $image:TAG or $image@DIGEST" ;;
  esac
  if [ -n "$digest" ]; then
    matches "$DIGEST" "$digest" || refuse "\"$digest\" is not a digest, such as sha256: and 64 of 0-9 and a-f"
  else
    matches "$TAG" "$tag" || refuse "\"$tag\" is not a tag"
  fi
}

# matches EXPRESSION WORD
matches() {
  printf '%s\n' "$2" | grep -Eqx -e "$1"
}
