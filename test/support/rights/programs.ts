/** What somebody does who has logged in and may not: clients word it in their own way. */
export type Denial = "push" | "blind" | "pull" | "copy" | "remove" | "late" | "login" | "immutable";

/** A client as somebody uses it who may do some things and not others. */
export interface RightsProgram {
  /** Its name on the page about people. */
  readonly title: string;
  /** Shell commands; `$1` is the reference, `$2` user and password for a client that keeps none, `$3` an archive. */
  readonly push: string;
  readonly pull: string;
  /** Copies `$1` to `$2` within the registry. */
  readonly copy?: string;
  /** Deletes `$1`. */
  readonly remove?: string;
  /** Lists the repositories of the registry `$1`. */
  readonly list?: string;
  /** Logs in at the registry `$1`, which is asked whether it is right, as the user `$2` with the password of stdin. */
  readonly login?: string;
  /** Whether it never asks `/v2/`, but shows its login where a request is refused without one. */
  readonly asksPerRequest?: boolean;
  /** What it says where somebody without a login that is right is refused. */
  readonly refusal: RegExp;
  /** What it says of a denial in place of the registry's words. */
  readonly hides?: { readonly [denial in Denial]?: RegExp };
}

const CTR = "ctr --address /run/docker/containerd/containerd.sock";
const HOSTS = "--hosts-dir /etc/containerd/certs.d";

const status = /403 Forbidden/;
/** Podman and its kind: for those that look before they push, and where a login is over. */
const noReasonOfSome = { blind: /403 \(Forbidden\)/, login: /403 \(Forbidden\)/ };
/** They ask with HEAD first, whose answer has no words. */
export const noReasonsOfPulls = { pull: status, late: status, copy: status, blind: status };
/** They show the status alone. */
export const noReasons = { ...noReasonsOfPulls, push: status, immutable: status };

/** Those that are in Debian. */
export const debianPrograms: { readonly [name: string]: RightsProgram } = {
  docker: {
    title: "Docker",
    push: `docker load --quiet --input "$3"
docker tag localhost/tiny:1 "$1" && docker push "$1"`,
    // What else is there stays: a load balancer may run of it.
    pull: `docker images --format '{{.Repository}}:{{.Tag}}' | grep -e "^localhost/tiny:" -e "^\${1%%/*}/" | grep -v "<none>" |
  xargs --no-run-if-empty docker rmi --force >/dev/null
docker image prune --force >/dev/null
docker pull "$1"`,
    login: 'docker login --username "$2" --password-stdin "$1"',
    refusal: /unauthorized: authentication required/,
  },
  podman: {
    title: "Podman",
    push: `podman load --quiet --input "$3"
podman push localhost/tiny:1 "docker://$1"`,
    pull: 'podman rmi --all --force >/dev/null && podman pull "$1"',
    login: 'podman login --username "$2" --password-stdin "$1"',
    refusal: /authentication required|invalid username\/password/,
    hides: noReasonOfSome,
  },
  buildah: {
    title: "Buildah",
    push: `buildah pull --quiet "docker-archive:$3"
buildah push localhost/tiny:1 "docker://$1"`,
    pull: 'buildah rmi --all --force >/dev/null && buildah pull "$1"',
    login: 'buildah login --username "$2" --password-stdin "$1"',
    refusal: /authentication required|invalid username\/password/,
    hides: noReasonOfSome,
  },
  skopeo: {
    title: "Skopeo",
    push: 'skopeo copy "docker-archive:$3" "docker://$1"',
    pull: 'rm -rf /tmp/pulled && skopeo copy "docker://$1" dir:/tmp/pulled',
    copy: 'skopeo copy "docker://$1" "docker://$2"',
    remove: 'skopeo delete "docker://$1"',
    login: 'skopeo login --username "$2" --password-stdin "$1"',
    refusal: /authentication required|invalid username\/password/,
    hides: noReasonOfSome,
  },
  ctr: {
    title: "containerd 1",
    push: `${CTR} images import "$3"
${CTR} images tag --force localhost/tiny:1 "$1" && ${CTR} images push ${HOSTS} --user "$2" "$1"`,
    pull: `${CTR} images ls --quiet | xargs --no-run-if-empty ${CTR} images rm --sync >/dev/null
${CTR} content prune references && ${CTR} images pull --snapshotter native ${HOSTS} --user "$2" "$1"`,
    asksPerRequest: true,
    refusal: /401 Unauthorized|authorization failed/,
    hides: noReasons,
  },
};

/** It asks the registry itself, without a daemon, and is compiled within half a minute. */
export const crane: RightsProgram = {
  title: "crane",
  push: 'crane push "$3" "$1"',
  pull: 'crane pull "$1" /tmp/pulled.tar',
  copy: 'crane copy "$1" "$2"',
  remove: 'crane delete "$1"',
  list: 'crane catalog "$1"',
  refusal: /UNAUTHORIZED/,
  hides: { blind: status },
};
