# Blobs from the newest backup that has them as they must be, for the keeper.

# fetch_blob ALGORITHM HEX
fetch_blob() {
  path=$blobs/$1/$(printf %.2s "$2")/$2/data
  for snapshot in $snapshots; do
    run_restic --no-lock dump "$snapshot" "$path" > "blobs/$2.new" 2> /tmp/messages || continue
    [ "$("${1}sum" < "blobs/$2.new" | cut -d ' ' -f 1)" = "$2" ] || continue
    mv "blobs/$2.new" "blobs/$2"
    return
  done
  rm -f "blobs/$2.new"
  return 1
}
fetch() {
  rm -rf blobs/*
  if ! open_repository ||
    ! run_restic --no-lock snapshots --host "$HOST" --tag private-registry --json > /tmp/snapshots 2> /tmp/messages; then
    last_words | answer failed
    return
  fi
  # Newest first.
  snapshots=$(grep -o '"short_id":"[0-9a-f]*"' /tmp/snapshots | cut -d '"' -f 4 | sed -n '1!G;h;$p')
  sed 1d wanted | while IFS=: read -r algorithm hex; do
    case $hex in '' | *[!0-9a-f]*) continue ;; esac
    case $algorithm in sha256 | sha512) ;; *) continue ;; esac
    echo "fetching $algorithm:$hex" > progress
    fetch_blob "$algorithm" "$hex" || echo "$algorithm:$hex"
  done > /tmp/missing
  answer ok < /tmp/missing
}
