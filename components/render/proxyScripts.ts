/** What the two one-shots of a proxy need to know of its files volume. */
export interface GenerationSettings {
  /** Mount point of the files volume. */
  readonly filesPath: string;
  /** Folder below it that holds the new files. */
  readonly generation: string;
}

/** What the stage needs beside it. */
export interface StageSettings extends GenerationSettings {
  /** Mount point of the volume for the verifier's socket. */
  readonly verifierPath: string;
  /** Numeric user and group of proxy and verifier. */
  readonly uid: number;
}

/**
 * Script of the stage one-shot: has nginx check the new files before anything serves them, removes the files
 * of generations that serve no longer, and points `current` at the first generation. Docker may give uploaded
 * files to root or to the image's user.
 */
export function stageScript({ filesPath, verifierPath, generation, uid }: StageSettings): string {
  return `set -eu
cd ${filesPath}
chown ${uid}:${uid} . ${verifierPath}
chown -R ${uid}:${uid} ${generation}
nginx -t -q -c ${filesPath}/${generation}/nginx.conf
serving=$(readlink current || true)
for entry in */; do
  # Without its slash a link is removed; with it, the contents of the folder it points to.
  folder=\${entry%/}
  case "$folder" in
    current | ${generation} | "$serving") ;;
    *) rm -rf "$folder" ;;
  esac
done
[ -n "$serving" ] || ln -s ${generation} current`;
}

/** What the activation needs beside it. */
export interface ActivationSettings extends GenerationSettings {
  /** Port on the proxy's loopback that answers it. */
  readonly healthPort: number;
}

/**
 * Script of the activation one-shot, run in the process and network namespace of the proxy: points `current`
 * at the new files in one step, has nginx read them unless it serves them already, and confirms that they are
 * what answers. Otherwise it points back and fails.
 */
export function activationScript({ filesPath, generation, healthPort }: ActivationSettings): string {
  return `set -eu
cd ${filesPath}
answer() {
  if command -v curl >/dev/null; then
    curl -s http://127.0.0.1:${healthPort}/generation
  else
    wget -q -O - http://127.0.0.1:${healthPort}/generation
  fi
}
point_at() {
  ln -s "$1" next && mv -T next current
}
previous=$(readlink current)
rm -f next
point_at ${generation}
[ "$(answer)" != ${generation} ] || exit 0
kill -HUP 1
tries=0
while [ "$tries" -lt 100 ]; do
  sleep 0.1
  [ "$(answer)" != ${generation} ] || exit 0
  tries=$((tries + 1))
done
point_at "$previous"
echo "nginx went on with its old configuration for 10 s after a reload: see the log of the proxy" >&2
exit 1`;
}
