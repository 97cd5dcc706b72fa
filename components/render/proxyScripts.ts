import { makeVerdictKey } from "./authentication";
import { modulesPath } from "./waf";
import { ruleSetLink } from "./wafRules";

/** Seconds that a server may take until it answers. */
const patience = 60;

/** Seconds that nginx may take until it answers with other files. */
const reloadPatience = 20;

/** What nginx was started with: a link to a folder of files, in the memory of its container. */
const serving = "/tmp/serving";

/** What a start of the proxy needs to know. */
export interface StartSettings {
  /** Mount point of the files volume. */
  readonly filesPath: string;
  /** Lines that make a certificate ready that is not among the files. Defaults to none. */
  readonly takeCertificate?: string;
}

/**
 * Starts nginx with files that this very image accepts: those in use, else those staged last, else any. With another image
 * the ones in use may name what it lacks, and those that were made for it come into use only when it answers.
 */
export function startScript({ filesPath, takeCertificate = "" }: StartSettings): string {
  return `${takeCertificate}${makeVerdictKey} && cd ${filesPath} || exit 1
for entry in current staged */; do
  folder=\${entry%/}
  if nginx -t -q -c "${filesPath}/$folder/nginx.conf"; then
    if [ "$folder" != current ]; then
      # What is staged next is not for a server of before.
      [ ! -L "$folder" ] || folder=$(readlink "$folder")
      echo "nginx refuses the files in use, for the reason above, and starts with those of $folder" >&2
    fi
    ln -sfn "${filesPath}/$folder" ${serving}
    exec nginx -c ${serving}/nginx.conf
  fi
done
echo "nginx refuses all files that there are, for the reasons above" >&2
exit 1`;
}

/**
 * Shell lines of the health check: nginx that started with other files takes up those in use as soon as it accepts
 * them. From then on it follows them, and until then the container is unhealthy.
 */
export function followScript(filesPath: string): string {
  return `if [ "$(readlink ${serving})" != ${filesPath}/current ]; then
  nginx -t -q -c ${filesPath}/current/nginx.conf || exit 1
  ln -sfn ${filesPath}/current ${serving} && kill -HUP 1
fi`;
}

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
  /** Lines that make a certificate ready that is not among the files. Defaults to none. */
  readonly takeCertificate?: string;
  /** Whether the files include the image's Core Rule Set. Defaults to false. */
  readonly linksRules?: boolean;
}

/** Where images have the Core Rule Set: Debian's package, OWASP's image, and the same for a read-only root. */
const ruleSets = ["/usr/share/modsecurity-crs", "/opt/owasp-crs", "/usr/local/bootstrap/owasp-crs"];

/** Links it into the folder of the files, and says what the image lacks: nginx would name a file alone. */
const linkRules = (generation: string) => `
lacking() {
  echo "the image of the proxy has no $1: the front waf needs an nginx with its scripting module, ModSecurity and the OWASP Core Rule Set, see docs/waf.md" >&2
  exit 1
}
for module in js modsecurity; do
  [ -e ${modulesPath}/ngx_http_\${module}_module.so ] || lacking "ngx_http_\${module}_module.so"
done
for rules in ${ruleSets.join(" ")}; do
  [ ! -e "$rules/rules/REQUEST-901-INITIALIZATION.conf" ] || ln -sfn "$rules" ${generation}/${ruleSetLink}
done
[ -e ${generation}/${ruleSetLink} ] || lacking "Core Rule Set"`;

/**
 * Script of the stage one-shot: has nginx check the new files before anything serves them, removes older files but
 * those that serve and those staged before, points `staged` at them, and points `current` at the first generation. Docker may give uploaded
 * files to root or to the image's user.
 */
export function stageScript(settings: StageSettings): string {
  const { filesPath, verifierPath, generation, uid, takeCertificate = "" } = settings;
  return `set -eu
cd ${filesPath}${settings.linksRules ? linkRules(generation) : ""}
chown ${uid}:${uid} . ${verifierPath}
chown -R ${uid}:${uid} ${generation}
${takeCertificate}nginx -t -q -c ${filesPath}/${generation}/nginx.conf
serving=$(readlink current || true)
# A server whose change was not finished may have started with what was staged before this.
staged=$(readlink staged || true)
for entry in */; do
  # Without its slash a link is removed; with it, the contents of the folder it points to.
  folder=\${entry%/}
  case "$folder" in
    current | staged | ${generation} | "$serving" | "$staged") ;;
    *) rm -rf "$folder" ;;
  esac
done
ln -sfn ${generation} staged
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
 * what answers; otherwise it points back and fails. Then it waits for the registry and the verifier.
 */
export function activationScript({ filesPath, generation, healthPort }: ActivationSettings): string {
  return `set -eu
cd ${filesPath}
ask() {
  if command -v curl >/dev/null; then
    curl -fs "http://127.0.0.1:${healthPort}/$1"
  else
    wget -q -O - "http://127.0.0.1:${healthPort}/$1"
  fi
}
serves() {
  [ "$(ask generation)" = ${generation} ]
}
try_for() {
  tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.1
  done
}
fail() {
  echo "$1" >&2
  exit 1
}
try_for ${patience} ask generation || fail "nginx does not answer: see the log of the proxy"
point_at() {
  ln -s "$1" next && mv -T next current
}
previous=$(readlink current)
rm -f next
point_at ${generation}
if ! serves; then
  kill -HUP 1
  # One that started with other files follows at its next health check.
  if ! try_for ${reloadPatience} serves; then
    point_at "$previous"
    fail "nginx went on with its old configuration for ${reloadPatience} s after a reload: see the log of the proxy"
  fi
fi
try_for ${patience} ask healthz || fail "the registry does not answer on its socket: see its log"
try_for ${patience} ask login || fail "the verifier of logins does not answer: see its log"`;
}
