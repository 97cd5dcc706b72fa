import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PrivateRegistry } from "../../../components";
import type { Result } from "../../../tools/shell";
import { images, type TestStack, testStack } from "../../../tools/temporaryStack";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";

const port = 18511;
const REFUSED = /x509: certificate signed by unknown authority/;
const HOME = "/tmp/home";

/** The user's own environment, as a set-up of rootless Docker leaves it. */
const USER = [
  ...["setpriv", "--reuid", "1234", "--regid", "1234", "--clear-groups"],
  ...["env", "USER=user", `HOME=${HOME}`, "XDG_RUNTIME_DIR=/tmp/run", "STORAGE_DRIVER=vfs"],
  "DOCKER_HOST=unix:///tmp/run/docker.sock",
];

/** A user with a range of further ids, and that user's Docker daemon, as dockerd-rootless.sh starts it. */
const PREPARE = `
echo user:x:1234:1234::${HOME}:/bin/sh >>/etc/passwd
echo user:x:1234: >>/etc/group
for file in /etc/subuid /etc/subgid; do echo user:100000:65536 >>$file; done
mkdir -p ${HOME} /tmp/run
chown 1234:1234 ${HOME} /tmp/run
chmod 700 /tmp/run
chmod 1777 /tmp`;
const DOCKERD = `
cd
rootlesskit --net=host --copy-up=/etc --copy-up=/run sh -c '
  rm -f /run/docker /run/containerd /run/xtables.lock
  exec dockerd --bridge=none --iptables=false --storage-driver=vfs --data-root=/tmp/run/docker-data --exec-root=/tmp/run/docker
' </dev/null >/tmp/run/dockerd.log 2>&1 &
for attempt in $(seq 150); do
  if docker version >/dev/null 2>&1; then exit; fi
  sleep 0.2
done
tail -20 /tmp/run/dockerd.log
exit 1`;

/** Push and pull of each client; \`$1\` is the reference. */
const clients: { readonly [name: string]: { readonly push: string; readonly pull: string } } = {
  docker: {
    push: 'docker tag localhost/tiny:1 "$1" && docker push "$1" && docker rmi "$1"',
    pull: 'docker pull "$1" && docker rmi "$1"',
  },
  podman: {
    push: 'podman push localhost/tiny:1 "docker://$1"',
    pull: 'podman pull "$1" && podman rmi "$1"',
  },
  skopeo: {
    push: 'skopeo copy docker-archive:/tmp/run/tiny.tar "docker://$1"',
    pull: 'rm -rf /tmp/run/pulled && skopeo copy "docker://$1" dir:/tmp/run/pulled',
  },
};

describe("a user who is not root, with rootless Docker and Podman", () => {
  let machine: ConsumerMachine;
  let registry: TestStack;
  let script: string;
  let untouched: string;
  let reference: (name: string) => string;

  before(async () => {
    machine = await createConsumerMachine("user");
    registry = await testStack("consumer-user", async () => {
      const main = new PrivateRegistry("main", {
        hostnames: [machine.hostAddress],
        port,
        bindAddress: machine.hostAddress,
        ...images,
      });
      return { script: main.installScript };
    });
    script = String((await registry.up()).script);
    reference = (name) => `${machine.hostAddress}:${port}/team/${name}:1`;
    await must(machine.exec(["sh", "-euc", PREPARE]));
    await must(asUser(DOCKERD));
    await must(
      asUser(`
        echo hello >/tmp/run/hello
        tar -C /tmp/run -cf - hello | docker import - localhost/tiny:1
        docker save --output /tmp/run/tiny.tar localhost/tiny:1
        podman load --input /tmp/run/tiny.tar`),
    );
    untouched = await listing();
  });

  after(async () => {
    await machine?.destroy();
    await registry?.remove();
  });

  const asUser = (text: string, ...args: string[]): Promise<Result> =>
    machine.exec([...USER, "sh", "-euc", text, "sh", ...args]);

  const install = (...options: string[]): Promise<Result> =>
    machine.exec([...USER, "sh", "-s", "--", ...options], { input: script });

  async function must(running: Promise<Result>): Promise<string> {
    const result = await running;
    assert.equal(result.status, 0, result.stdout + result.stderr);
    return result.stdout;
  }

  /** The user's files, but for the images of Podman. */
  const listing = () =>
    must(asUser("cd; find . -path ./.local -prune -o -type f -exec sha256sum {} + -o -print | sort"));

  it("is refused before", async () => {
    for (const [name, { push }] of Object.entries(clients)) {
      const { status, stdout, stderr } = await asUser(push, reference(name));
      assert.notEqual(status, 0, name);
      assert.match(stdout + stderr, REFUSED, name);
    }
    assert.match((await install("--check")).stderr, /missing CA: \/tmp\/home\/\.config\/docker\/certs\.d/);
  });

  it("pushes and pulls after the install script, which changes nothing outside of the home", async () => {
    const system = machine.snapshot();
    await must(install());
    await must(install("--check"));
    for (const [name, { push, pull }] of Object.entries(clients)) {
      await must(asUser(push, reference(name)));
      await must(asUser(pull, reference(name)));
    }
    assert.ok(machine.snapshot() === system, "the machine's files changed");
  });

  it("is refused again after --remove, with the files of the home as before", async () => {
    await must(install("--remove"));
    for (const [name, { pull }] of Object.entries(clients)) {
      const { status, stdout, stderr } = await asUser(pull, reference(name));
      assert.notEqual(status, 0, name);
      assert.match(stdout + stderr, REFUSED, name);
    }
    assert.equal(await listing(), untouched);
  });
});
