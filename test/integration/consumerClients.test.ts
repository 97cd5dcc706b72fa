import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PrivateRegistry } from "../../components";
import { type ConsumerMachine, createConsumerMachine } from "../support/consumerMachine";
import { buildkit, dockerd } from "../support/goPrograms";
import type { Result } from "../support/shell";
import { images, type TestStack, testStack } from "../support/stack";

const port = 18444;
const REFUSED = /x509: certificate signed by unknown authority/;

/** A client program: how it pushes and pulls, and the name of its runtime to the install script. */
interface Client {
  readonly runtime: string;
  /** Shell commands; `$1` is the reference, `$2` user and password for a client that keeps none. */
  readonly push: string;
  readonly pull: string;
}

/** The machine has an image in Docker, Podman's store and containerd, and as `/tmp/tiny.tar`. */
const CTR = "ctr --address /run/docker/containerd/containerd.sock";
const BUILD = `
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
  /tmp/buildctl --addr unix:///run/buildkit.sock build --no-cache --progress plain --frontend dockerfile.v0 \
    --local context=/tmp/build --local dockerfile=/tmp/build --output "$1" 2>&1
}`;

/** A second Docker daemon of the machine, which keeps its images in containerd's store. */
const STORE = `
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

const clients: { readonly [name: string]: Client } = {
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
    push: `${CTR} images tag --force localhost/tiny:1 "$1" && ${CTR} images push --hosts-dir /etc/containerd/certs.d --user "$2" "$1" && ${CTR} images rm "$1"`,
    pull: `${CTR} content prune references && ${CTR} images pull --snapshotter native --hosts-dir /etc/containerd/certs.d --user "$2" "$1" && ${CTR} images rm "$1"`,
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

describe("a client on another machine, by the files of its runtime alone", () => {
  let machine: ConsumerMachine;
  let registry: TestStack;
  let script: string;
  let login: string;
  let untouched: string;

  before(async () => {
    machine = await createConsumerMachine("clients");
    registry = await testStack("consumer-clients", async () => {
      const main = new PrivateRegistry("main", {
        hostnames: ["registry.test", machine.hostAddress],
        port,
        bindAddress: machine.hostAddress,
        clientAddress: machine.hostAddress,
        users: [{ name: "admin" }, { name: "node" }],
        ...images,
      });
      return { script: main.installScriptFor("node"), credentials: main.credentials };
    });
    const outputs = await registry.up();
    script = String(outputs.script);
    login = `node:${(outputs.credentials as { [user: string]: string }).node}`;
    for (const program of [...(await buildkit()), ...(await dockerd())]) await machine.copyIn(program);
    await must(`
      echo hello >/tmp/hello
      tar -C /tmp -cf - hello | docker import - localhost/tiny:1
      docker save --output /tmp/tiny.tar localhost/tiny:1
      ${CTR} images import /tmp/tiny.tar
      podman load --input /tmp/tiny.tar
      mkdir -p /etc/buildkit && touch /etc/buildkit/buildkitd.toml && rm /etc/buildkit/buildkitd.toml`);
    untouched = machine.snapshot();
  });

  after(async () => {
    await machine?.destroy();
    await registry?.remove();
  });

  const sh = (text: string, ...args: string[]): Promise<Result> =>
    machine.exec(["sh", "-euc", text, "sh", ...args], { env: { STORAGE_DRIVER: "vfs" } });

  async function must(text: string, ...args: string[]): Promise<Result> {
    const result = await sh(text, ...args);
    assert.equal(result.status, 0, `${text}: ${result.stdout}${result.stderr}`);
    return result;
  }

  async function install(...options: string[]): Promise<void> {
    const result = await machine.exec(["sh", "-s", "--", ...options], { input: script });
    assert.equal(result.status, 0, result.stdout + result.stderr);
  }

  for (const [name, { runtime, push, pull }] of Object.entries(clients)) {
    it(`${name} is refused before, pushes and pulls after, and is refused again`, async () => {
      const byAddress = `${machine.hostAddress}:${port}/team/${name}:1`;
      const byName = `registry.test:${port}/team/${name}:1`;
      const before = await sh(push, byAddress, login);
      assert.notEqual(before.status, 0, "a push before");
      assert.match(before.stdout + before.stderr, REFUSED);

      await install("--for", runtime);
      await must(push, byAddress, login);
      await must(pull, byName, login);

      await install("--remove");
      const again = await sh(pull, byAddress, login);
      assert.notEqual(again.status, 0, "a pull after --remove");
      assert.match(again.stdout + again.stderr, REFUSED);
      assert.equal(machine.snapshot(), untouched);
    });
  }
});
