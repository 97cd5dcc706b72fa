# The guard of the disk. Every five seconds it looks how full the disk of the images is. From one threshold on there is the
# flag `flags/disk`, whose text nginx answers to whoever begins a push, until the disk is below another one. What it needs
# then is made while there is room: the text `flags/spare`, and a reserve that is given to the collection.

DISK_GUARD=
QUOTAS=
# How full: "full", "filling" or nothing.
fullness=
least=0
outlook_job=
outlook_tick=
quota_job=
# Sets `percent`, `free` and `size` in MiB. Where there is room for fewer files than bytes, `percent` is that of files.
measure() {
  # shellcheck disable=SC2046
  set -- $(stat -f -c '%S %b %f %a %c %d' /var/lib/registry)
  [ $# -eq 6 ] || return
  size=$((($2 - $3 + $4) * $1 / 1048576))
  free=$(($4 * $1 / 1048576))
  all=$(($2 - $3 + $4))
  # Some file systems tell nothing.
  [ "$all" -gt 0 ] || all=1
  percent=$((($2 - $3) * 100 / all))
  what="$percent % full"
  [ "$5" -gt 0 ] && [ $((($5 - $6) * 100 / $5)) -gt "$percent" ] || return 0
  percent=$((($5 - $6) * 100 / $5))
  what="at $percent % of the files that it can have"
}
# Sets `fullness`. Less free than REFUSE_BELOW_MIB counts as full, where that is no more than a fifth of the disk.
judge() {
  least=$((size / 5))
  [ "$least" -lt "$REFUSE_BELOW_MIB" ] || least=$REFUSE_BELOW_MIB
  limit=$REFUSE_AT
  more=$least
  if [ -e flags/disk ]; then
    limit=$((RESUME_AT + 1))
    more=$((least + least / 4))
  fi
  fullness=
  if [ "$percent" -ge "$limit" ] || [ "$free" -lt "$more" ]; then
    fullness=full
  elif [ "$percent" -ge "$COLLECT_AT_PERCENT" ] || [ "$free" -lt $((least + least / 2)) ]; then
    fullness=filling
  fi
}
# The answer of the registry's API. Nothing in the text needs to be escaped.
denial() { echo "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"$1\"}]}"; }
# A file whole or not at all. What a full disk says of it helps nobody.
write_whole() { denial "$2" 2> /dev/null > "$1.new" && mv "$1.new" "$1"; }
refuse_pushes() {
  look_ahead
  outlook=
  [ ! -s state/outlook ] || read -r outlook < state/outlook
  problem="the disk of the registry is $what, with $free MiB free, and no push begins until there is room"
  tell disk "$problem"
  if ! write_whole flags/disk "$problem: ${outlook:-delete images that nobody needs}"; then
    rm -f flags/disk.new
    # So that its time tells when the disk was last looked at.
    if [ -e flags/disk ]; then touch flags/disk; else ln flags/spare flags/disk; fi
  fi
}
take_pushes() {
  [ ! -e flags/disk ] || rm -f flags/disk
  [ ! -e /tmp/problems/disk ] || rm -f /tmp/problems/disk
  [ -s flags/spare ] || write_whole flags/spare "the disk of the registry is full, and no push begins until there is room"
  [ -s "$trash/reserve" ] || make_reserve
}
# A hundredth of the disk, 16 MiB at most, in which a collection writes down what it does.
make_reserve() {
  mebibytes=$((size / 100))
  [ "$mebibytes" -lt 16 ] || mebibytes=16
  [ "$mebibytes" -gt 0 ] && mkdir -p "$trash" || return 0
  dd if=/dev/zero of="$trash/reserve" bs=1048576 count="$mebibytes" 2> /dev/null || rm -f "$trash/reserve"
}
# When space comes back, every five minutes while it matters.
look_ahead() {
  [ -z "$outlook_tick" ] || [ $((ticks - outlook_tick)) -ge 300 ] || return 0
  is_over "$outlook_job" || return 0
  outlook_tick=$ticks
  files_in_use
  attempt outlook program outlook &
  outlook_job=$!
}
count_quotas() {
  is_over "$quota_job" || return 0
  files_in_use
  attempt quotas program quotas &
  quota_job=$!
}
# Figures for Prometheus, every thirty seconds.
note_disk() {
  flag=0
  [ ! -e flags/disk ] || flag=1
  {
    echo "# HELP private_registry_disk_bytes The disk of the images."
    echo "# TYPE private_registry_disk_bytes gauge"
    echo "private_registry_disk_bytes{kind=\"size\"} $((size * 1048576))"
    echo "private_registry_disk_bytes{kind=\"free\"} $((free * 1048576))"
    echo "# HELP private_registry_disk_full_ratio How full it is, of bytes or of files, whichever is more."
    echo "# TYPE private_registry_disk_full_ratio gauge"
    echo "private_registry_disk_full_ratio $((percent / 100)).$(printf %02d $((percent % 100)))"
    echo "# HELP private_registry_pushes_refused Whether no push begins, as the disk is full."
    echo "# TYPE private_registry_pushes_refused gauge"
    echo "private_registry_pushes_refused $flag"
    echo "# HELP private_registry_keeper_seen_timestamp_seconds When the keeper last looked at the disk."
    echo "# TYPE private_registry_keeper_seen_timestamp_seconds gauge"
    echo "private_registry_keeper_seen_timestamp_seconds $(date +%s)"
  } 2> /dev/null > state/disk.prom.new && mv state/disk.prom.new state/disk.prom
}
# A flag that no setting asks for is of earlier settings.
look_at_room() {
  [ -r /etc/private-registry/current/schedule ] || return 0
  # shellcheck source=/dev/null
  . /etc/private-registry/current/schedule
  if [ "$QUOTAS" = yes ]; then
    [ $((ticks % 60)) -ne 0 ] || count_quotas
  else
    for path in flags/quota-*; do [ ! -e "$path" ] || rm -f "$path"; done
  fi
  if [ "$METRICS" != yes ]; then
    for path in state/*.prom; do [ ! -e "$path" ] || rm -f "$path"; done
  elif [ $((ticks % 30)) -eq 0 ] && measure; then
    note_disk
  fi
  if [ "$DISK_GUARD" != yes ]; then
    fullness=
    for path in flags/disk flags/spare "$trash/reserve" /tmp/problems/disk; do [ ! -e "$path" ] || rm -f "$path"; done
  elif measure; then
    judge
    if [ "$fullness" = full ]; then refuse_pushes; else take_pushes; fi
  else
    tell disk "the disk of the registry cannot be looked at"
  fi
}
