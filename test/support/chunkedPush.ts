import assert from "node:assert/strict";
import type { ConsumerMachine } from "./consumerMachine";

/**
 * Pushes 12 MB as a client does that streams: two PATCH requests of unknown length, then PUT, each to the address of
 * the answer before. Prints these addresses.
 */
const PUSH = `set -eu
url=$1; shift
head -c 6000000 /dev/urandom >/tmp/part1
head -c 6000000 /dev/urandom >/tmp/part2
digest=$(cat /tmp/part1 /tmp/part2 | sha256sum | cut -d' ' -f1)
next() {
  answer=$(curl -sS -o /tmp/answer -w '%{http_code} %header{location}' "$@")
  case "$answer" in
    20*) echo "\${answer#* }" ;;
    *) echo "$answer" && cat /tmp/answer && exit 1 ;;
  esac
}
resolve() {
  case "$1" in
    /*) echo "$url$1" ;;
    *) echo "$1" ;;
  esac
}
stream='Content-Type: application/octet-stream'
location=$(next "$@" -X POST "$url/v2/team/chunked/blobs/uploads/"); echo "$location"
location=$(cat /tmp/part1 | next "$@" -X PATCH -H "$stream" -T - "$(resolve "$location")"); echo "$location"
location=$(cat /tmp/part2 | next "$@" -X PATCH -H "$stream" -T - "$(resolve "$location")"); echo "$location"
location=$(next "$@" -X PUT -H 'Content-Length: 0' "$(resolve "$location")&digest=sha256:$digest"); echo "$location"
test "$(curl -sS "$@" "$url/v2/team/chunked/blobs/sha256:$digest" | sha256sum | cut -d' ' -f1)" = "$digest"
`;

/** Pushes in chunks from the machine, with these arguments of curl. Every address in the answers must be relative. */
export async function chunkedPush(
  machine: ConsumerMachine,
  url: string,
  curl: readonly string[],
): Promise<void> {
  const { status, stdout, stderr } = await machine.exec(["sh", "-c", PUSH, "push", url, ...curl]);
  assert.equal(status, 0, `${stdout}${stderr}`);
  const locations = stdout.trim().split("\n");
  assert.equal(locations.length, 4);
  for (const location of locations) assert.match(location, /^\/v2\/team\/chunked\/blobs\//);
}
