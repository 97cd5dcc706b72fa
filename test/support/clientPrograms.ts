import assert from "node:assert/strict";
import type { ConsumerMachine } from "./consumerMachine";
import { buildkit, containerd2, dockerd } from "./goPrograms";

/** A client program: how it pushes and pulls, and the name of its runtime to the install script. */
export interface ClientProgram {
  readonly runtime: string;
  /** Shell commands; `$1` is the reference, `$2` user and password for a client that keeps none. */
  readonly push: string;
  readonly pull: string;
}

/** The machine has an image in Docker, Podman's store and containerd, and as `/tmp/tiny.tar`. */
const CTR = "ctr --address /run/docker/containerd/containerd.sock";
/** A daemon of BuildKit, and `build`, which sends what it builds to `$1`; options may follow. */
export const BUILD = `
mkdir -p /tmp/build
/tmp/buildkitd --addr unix:///run/buildkit.sock --root /var/lib/buildkit --oci-worker-snapshotter native \
  --oci-worker-net host --config /etc/buildkit/buildkitd.toml >/tmp/buildkitd.log 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || true' EXIT
until /tmp/buildctl --addr unix:///run/buildkit.sock debug workers >/dev/null 2>&1; do
  kill -0 $daemon || { cat /tmp/buildkitd.log; exit 1; }
  sleep 0.2
done
build() {
  output=$1
  shift
  /tmp/buildctl --addr unix:///run/buildkit.sock build --no-cache --progress plain --frontend dockerfile.v0 \
    --local context=/tmp/build --local dockerfile=/tmp/build --output "$output" "$@" 2>&1
}`;

/** A containerd 2 beside that of Docker, as a node of Kubernetes has it. */
export const CONTAINERD2 = `
/tmp/containerd --address /run/containerd2.sock --root /var/lib/containerd2 --state /run/containerd2 \\
  >/tmp/containerd2.log 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || true' EXIT
ctr2() {
  /tmp/ctr --address /run/containerd2.sock "$@"
}
until ctr2 version >/dev/null 2>&1; do
  kill -0 $daemon || { cat /tmp/containerd2.log; exit 1; }
  sleep 0.2
done`;

/** A second Docker daemon of the machine, which keeps its images in containerd's store. */
export const STORE = `
/tmp/dockerd --host unix:///run/store.sock --data-root /var/lib/store --exec-root /run/store --pidfile /run/store.pid \\
  --bridge none --iptables=false --ip6tables=false --feature containerd-snapshotter=true --storage-driver native \\
  --containerd /run/docker/containerd/containerd.sock --containerd-namespace store >/tmp/store.log 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || true' EXIT
export DOCKER_HOST=unix:///run/store.sock
until docker version >/dev/null 2>&1; do
  kill -0 $daemon || { cat /tmp/store.log; exit 1; }
  sleep 0.2
done`;

/** Every client that the tests can have. */
export const clientPrograms: { readonly [name: string]: ClientProgram } = {
  docker: {
    runtime: "docker",
    push: 'docker tag localhost/tiny:1 "$1" && docker push "$1" && docker rmi "$1"',
    pull: 'docker pull "$1" && docker rmi "$1"',
  },
  "docker-containerd": {
    runtime: "docker",
    push: `${STORE}
docker load --input /tmp/tiny.tar && docker tag localhost/tiny:1 "$1" && docker push "$1"`,
    pull: `${STORE}
docker info --format '{{.DriverStatus}}' | grep io.containerd.snapshotter
docker pull "$1" && docker rmi "$1"`,
  },
  podman: {
    runtime: "podman",
    push: 'podman push localhost/tiny:1 "docker://$1"',
    pull: 'podman pull "$1" && podman rmi "$1"',
  },
  buildah: {
    runtime: "podman",
    push: 'buildah push localhost/tiny:1 "docker://$1"',
    pull: 'buildah pull "$1" && buildah rmi "$1"',
  },
  skopeo: {
    runtime: "podman",
    push: 'skopeo copy docker-archive:/tmp/tiny.tar "docker://$1"',
    pull: 'rm -rf /tmp/pulled && skopeo copy "docker://$1" dir:/tmp/pulled',
  },
  ctr: {
    runtime: "containerd",
    push: `${CTR} images import /tmp/tiny.tar && ${CTR} images tag --force localhost/tiny:1 "$1" && ${CTR} images push --hosts-dir /etc/containerd/certs.d --user "$2" "$1" && ${CTR} images rm "$1"`,
    pull: `${CTR} content prune references && ${CTR} images pull --snapshotter native --hosts-dir /etc/containerd/certs.d --user "$2" "$1" && ${CTR} images rm "$1"`,
  },
  ctr2: {
    runtime: "containerd",
    push: `${CONTAINERD2}
ctr2 images import /tmp/tiny.tar && ctr2 images tag --force localhost/tiny:1 "$1" && ctr2 images push --hosts-dir /etc/containerd/certs.d --user "$2" "$1"`,
    pull: `${CONTAINERD2}
ctr2 images rm --sync "$1"; ctr2 images pull --hosts-dir /etc/containerd/certs.d --user "$2" "$1"`,
  },
  buildkit: {
    runtime: "buildkit",
    push: `${BUILD}
printf 'FROM scratch\\nCOPY Dockerfile /\\n' >/tmp/build/Dockerfile
build "type=image,name=$1,push=true"`,
    pull: `${BUILD}
printf 'FROM %s\\n' "$1" >/tmp/build/Dockerfile
build type=tar,dest=/tmp/build.tar`,
  },
};

/** Gives a machine the programs that are compiled, and the image that the clients push. */
export async function prepareClientPrograms(machine: ConsumerMachine): Promise<void> {
  for (const program of [...(await buildkit()), ...(await containerd2()), ...(await dockerd())])
    await machine.copyIn(program);
  const script = `
    echo hello >/tmp/hello
    tar -C /tmp -cf - hello | docker import - localhost/tiny:1
    docker save --output /tmp/tiny.tar localhost/tiny:1
    ${CTR} images import /tmp/tiny.tar
    podman load --input /tmp/tiny.tar
    mkdir -p /etc/buildkit && touch /etc/buildkit/buildkitd.toml && rm /etc/buildkit/buildkitd.toml`;
  const result = await machine.exec(["sh", "-euc", script], { env: STORAGE });
  assert.equal(result.status, 0, result.stdout + result.stderr);
}

/** Where Podman and Buildah keep images on a machine without overlays. */
export const STORAGE = { STORAGE_DRIVER: "vfs" };
