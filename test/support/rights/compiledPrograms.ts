import { BUILD, CONTAINERD2, STORE } from "../clientPrograms";
import { noReasons, noReasonsOfPulls, type RightsProgram } from "./programs";

/** The same of a Docker that has no other store any more. */
const DOCKER29 = STORE.replaceAll("/tmp/dockerd ", "/tmp/dockerd29 ");
const HOSTS = "--hosts-dir /etc/containerd/certs.d";

/** Those that take minutes to compile. */
export const compiledPrograms: { readonly [name: string]: RightsProgram } = {
  regctl: {
    title: "regctl",
    push: 'regctl image import "$1" "$3"',
    pull: 'regctl image export "$1" /tmp/exported.tar',
    copy: 'regctl image copy "$1" "$2"',
    remove: 'regctl tag rm "$1"',
    list: 'regctl repo ls --limit 1000 "$1"',
    login: 'regctl registry login "$1" --user "$2" --pass-stdin',
    asksPerRequest: true,
    refusal: /unauthorized/,
    hides: { login: /failed to ping registry .*: unauthorized/ },
  },
  oras: {
    title: "oras",
    push: `cd /tmp
oras push "$1" --annotation org.opencontainers.image.created=2000-01-01T00:00:00Z "\${3#/tmp/}:application/x-tar"`,
    pull: 'oras pull --output /tmp/pulled "$1"',
    copy: 'oras copy "$1" "$2"',
    remove: 'oras manifest delete --force "$1"',
    list: 'oras repo ls "$1"',
    login: 'oras login "$1" --username "$2" --password-stdin',
    asksPerRequest: true,
    refusal: /unauthorized|basic credential not found/,
    hides: { blind: /403: Forbidden/ },
  },
  helm: {
    title: "helm",
    // A chart's name and version are those of the reference.
    push: `repository=\${1%:*} version=\${1##*:}
chart=\${repository##*/}
folder=/tmp/charts/$chart-$version$3
if ! [ -d "$folder" ]; then
  mkdir -p "$folder/$chart"
  printf 'apiVersion: v2\\nname: %s\\nversion: %s\\ndescription: %s\\n' "$chart" "$version" "$3" >"$folder/$chart/Chart.yaml"
  helm package "$folder/$chart" --destination "$folder"
fi
helm push "$folder/$chart-$version.tgz" "oci://\${repository%/*}"`,
    pull: `mkdir -p /tmp/pulled
helm pull "oci://\${1%:*}" --version "\${1##*:}" --destination /tmp/pulled`,
    login: 'helm registry login "$1" --username "$2" --password-stdin',
    asksPerRequest: true,
    refusal: /unauthorized|basic credential not found/,
    hides: { blind: /403: Forbidden/ },
  },
  cosign: {
    title: "cosign",
    // It signs what is there, and crane sees to that.
    push: `[ "$3" = /tmp/tiny.tar ] && crane digest "$1" >/dev/null 2>&1 || crane push "$3" "$1"
cosign sign --key /tmp/cosign.key --use-signing-config=false --tlog-upload=false --yes "\${1%:*}@$(crane digest "$1")"`,
    pull: 'cosign verify --key /tmp/cosign.pub --insecure-ignore-tlog "$1"',
    refusal: /UNAUTHORIZED/,
    hides: { blind: /403 Forbidden/ },
  },
  buildkit: {
    title: "BuildKit",
    push: `${BUILD}
printf 'FROM scratch\\nCOPY content /\\n' >/tmp/build/Dockerfile
echo "$3" >/tmp/build/content
touch --date @0 /tmp/build/content
build "type=image,name=$1,push=true" --opt build-arg:SOURCE_DATE_EPOCH=0`,
    pull: `${BUILD}
printf 'FROM %s\\n' "$1" >/tmp/build/Dockerfile
build type=tar,dest=/tmp/build.tar`,
    copy: `${BUILD}
printf 'FROM %s\\nCOPY Dockerfile /other\\n' "$1" >/tmp/build/Dockerfile
build "type=image,name=$2,push=true"`,
    asksPerRequest: true,
    refusal: /401 Unauthorized|authorization failed/,
    hides: noReasons,
  },
  "docker-containerd": { ...inStore("Docker with containerd's store", STORE), hides: noReasonsOfPulls },
  docker29: { ...inStore("Docker 29", DOCKER29), hides: { blind: /alice may not pull secret/ } },
  ctr2: {
    title: "containerd 2",
    push: `${CONTAINERD2}
ctr2 images import "$3"
ctr2 images tag --force localhost/tiny:1 "$1" && ctr2 images push ${HOSTS} --user "$2" "$1"`,
    pull: `${CONTAINERD2}
ctr2 images rm --sync $(ctr2 images ls --quiet)
ctr2 images pull ${HOSTS} --user "$2" "$1"`,
    asksPerRequest: true,
    refusal: /401 Unauthorized|authorization failed/,
    hides: noReasonsOfPulls,
  },
};

/** Docker with its images in containerd's store. */
function inStore(title: string, daemon: string): RightsProgram {
  return {
    title,
    push: `${daemon}
docker load --input "$3" && docker tag localhost/tiny:1 "$1" && docker push "$1"`,
    pull: `${daemon}
docker images --quiet | sort -u | xargs --no-run-if-empty docker rmi --force >/dev/null
docker pull "$1"`,
    asksPerRequest: true,
    refusal: /401 Unauthorized|authorization failed/,
  };
}
