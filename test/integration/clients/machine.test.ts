import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { proxyImage } from "../../../tools/temporaryStack";
import { type ConsumerMachine, createConsumerMachine, namesOf } from "../../support/consumerMachine";
import { fileListing } from "../../support/fileListing";

const NAME = "self-test";
const HOST_FOLDERS = ["/etc/hosts", "/etc/docker", "/root/.docker", "/var/lib/private-registry-client"];

const hostFiles = () => HOST_FOLDERS.flatMap((folder) => fileListing(folder, folder));

/** What this host still has of the machine: processes, links, namespaces, folders, control groups. */
function traces(): string[] {
  const { space, folder, hostLink } = namesOf(NAME);
  const processes = spawnSync("pgrep", ["-f", space], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean);
  const groups = readdirSync("/sys/fs/cgroup").map((entry) => `/sys/fs/cgroup/${entry}/${space}`);
  const paths = [`/run/netns/${space}`, `/sys/class/net/${hostLink}`, folder, ...groups];
  return [...processes, ...paths.filter((path) => existsSync(path))];
}

let machine: ConsumerMachine;
const hostBefore = hostFiles();

before(async () => {
  machine = await createConsumerMachine(NAME);
});
after(() => machine?.destroy());

test("a Docker daemon of its own answers, without this host's images", async () => {
  const info = await machine.exec(["docker", "info", "--format", "{{.ID}} {{.Images}}"]);
  assert.equal(info.status, 0, info.stderr);
  const host = execFileSync("docker", ["info", "--format", "{{.ID}}"]);
  const [id, images] = info.stdout.trim().split(" ");
  assert.notEqual(id, host.toString().trim());
  assert.equal(images, "0");
});

test("it reaches this host at the address it gives", async () => {
  const server = createServer((socket) => socket.end("hello\n"));
  await new Promise<void>((resolve) => server.listen(0, machine.hostAddress, resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const read = `cat </dev/tcp/${machine.hostAddress}/${address.port}`;
  assert.equal((await machine.exec(["bash", "-c", read])).stdout, "hello\n");
  server.close();
});

test("input and environment arrive, and a failure is a status", async () => {
  const answer = await machine.exec(["sh", "-c", 'cat; echo "$GREETING" >&2; exit 3'], {
    input: "from stdin",
    env: { GREETING: "from env" },
  });
  assert.deepEqual(answer, { status: 3, stdout: "from stdin", stderr: "from env\n" });
});

test("its files are its own: what it writes shows in its snapshot and nowhere on this host", async () => {
  const snapshot = machine.snapshot();
  assert.equal(machine.snapshot(), snapshot);
  const write = `
    mkdir -p /etc/docker/certs.d/x /root/.docker /var/lib/private-registry-client
    for file in /etc/docker/certs.d/x/ca.crt /root/.docker/config.json /var/lib/private-registry-client/x; do
      echo changed >"$file"
    done
    echo changed >>/etc/hosts`;
  assert.equal((await machine.exec(["sh", "-c", write])).status, 0);
  for (const path of ["/etc/hosts", "/etc/docker/certs.d/x/ca.crt", "/root/.docker/config.json"])
    assert.ok(machine.snapshot().includes(` ${path} `));
  assert.notEqual(machine.snapshot(), snapshot);
  assert.deepEqual(hostFiles(), hostBefore);
});

test("/etc/hosts cannot be replaced by mv, as in a container", async () => {
  const answer = await machine.exec([
    "sh",
    "-c",
    "cp /etc/hosts /etc/hosts.new && mv /etc/hosts.new /etc/hosts",
  ]);
  assert.notEqual(answer.status, 0);
});

test("an image can be loaded from this host and run", async () => {
  await machine.loadImage(proxyImage);
  const answer = await machine.exec([
    "docker",
    "run",
    "--rm",
    "--network=none",
    proxyImage,
    "echo",
    "inside",
  ]);
  assert.equal(answer.stdout, "inside\n", answer.stderr);
});

test("a machine of the same name replaces what a killed run left, a running container included", async () => {
  const run = await machine.exec(["docker", "run", "-d", "--network=none", proxyImage, "sleep", "1000"]);
  assert.equal(run.status, 0, run.stderr);
  machine = await createConsumerMachine(NAME);
  assert.equal((await machine.exec(["docker", "ps", "-aq"])).stdout, "");
});

test("destroy leaves no process, no namespace, no link, no folder, and this host as it was", async () => {
  assert.notDeepEqual(traces(), []);
  await machine.destroy();
  assert.deepEqual(traces(), []);
  assert.deepEqual(hostFiles(), hostBefore);
});
