import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Result } from "../../../tools/shell";
import type { TestStack } from "../../../tools/temporaryStack";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";
import { buildkit } from "../../support/goPrograms";
import { registryFor } from "../../support/registryFor";

const PAGES = resolve(__dirname, "../../../docs/clients");
const port = 18510;
const ADDRESS = `registry.example.com:${port}`;

/** What a page's reader has: root's rights, and the programs of the machine. `ctr` is told of Docker's containerd. */
const READER = `
sudo() { "$@"; }
export CONTAINERD_ADDRESS=/run/docker/containerd/containerd.sock CONTAINERD_SNAPSHOTTER=native STORAGE_DRIVER=vfs
mkdir -p /tmp/reader
cd /tmp/reader
`;

describe("the commands of a client's page, as they stand there", () => {
  let machine: ConsumerMachine;
  let registry: TestStack;

  before(async () => {
    machine = await createConsumerMachine("pages");
    registry = await registryFor(machine, "consumer-pages", {
      hostname: "registry.example.com",
      port,
      user: "alice",
    });
    const { ca, credentials } = await registry.up();
    await must(`printf '%s\\n' "$1" >ca.crt; printf '%s\\n' "$2" >password.txt`, [
      String(ca),
      String((credentials as { alice: string }).alice),
    ]);
    for (const program of await buildkit()) await machine.copyIn(program);
    await machine.pointNames(["registry.example.com"], machine.hostAddress);
    await must(
      `update-ca-certificates --fresh
      echo hello >hello
      tar -cf - hello | docker import - localhost/app:1
      docker save --output app.tar localhost/app:1
      podman load --input app.tar`,
    );
  });

  after(async () => {
    await machine?.destroy();
    await registry?.remove();
  });

  const sh = (text: string, args: readonly string[] = []): Promise<Result> =>
    machine.exec(["sh", "-euc", `${READER}${text}`, "sh", ...args]);

  async function must(text: string, args: readonly string[] = []): Promise<string> {
    const result = await sh(text, args);
    assert.equal(result.status, 0, `${text}\n${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  it("connect Docker, and disconnect it", async () => {
    const [connect = "", disconnect = ""] = commands("docker.md");
    assert.match(await must(connect), /^Login Succeeded$/m);
    await must(disconnect);
    const refused = await sh(`docker pull ${ADDRESS}/team/app:1`);
    assert.match(refused.stderr, /x509: certificate signed by unknown authority/);
  });

  it("connect Podman, Buildah and Skopeo, and disconnect them", async () => {
    const [connect = "", disconnect = ""] = commands("podman.md");
    assert.match(await must(connect), /"Name": "registry\.example\.com:18510\/team\/app"/);
    await must(disconnect);
    const refused = await sh(`podman pull ${ADDRESS}/team/app:1`);
    assert.match(refused.stderr, /x509: certificate signed by unknown authority/);
  });

  it("make containerd pull", async () => {
    const [files = "", pull = ""] = commands("containerd.md");
    const refused = await sh(pull);
    assert.match(refused.stderr, /x509: certificate signed by unknown authority/);
    await must(files);
    assert.match(await must(pull), /^done/m);
  });

  it("make buildkitd push", async () => {
    const [files = ""] = commands("buildkit.md");
    await must(`mkdir -p /etc/buildkit; ${files}`);
    await must(commands("docker.md")[0] ?? ""); // For the login, as the page says.
    await must(`
      printf 'FROM %s\\nCOPY hello /hello2\\n' ${ADDRESS}/team/app:1 >Dockerfile
      PATH=$PATH:/tmp
      buildkitd --addr unix:///run/buildkit.sock --root /var/lib/buildkit --oci-worker-snapshotter native \\
        --oci-worker-net host >buildkitd.log 2>&1 &
      daemon=$!
      trap 'kill $daemon; wait $daemon || true' EXIT
      export BUILDKIT_HOST=unix:///run/buildkit.sock
      until buildctl debug workers >/dev/null 2>&1; do kill -0 $daemon; sleep 0.2; done
      buildctl build --progress plain --frontend dockerfile.v0 --local context=. --local dockerfile=. \\
        --output type=image,name=${ADDRESS}/team/app:2,push=true`);
    await must(`docker pull ${ADDRESS}/team/app:2`);
  });

  it("make curl trust the registry, and no longer", async () => {
    const [connect = "", disconnect = ""] = commands("os-trust.md");
    await must(connect);
    await must(disconnect);
    const ask =
      commands("os-trust.md")[0]
        ?.split("\n")
        .find((line) => line.startsWith("curl")) ?? "";
    assert.equal((await sh(ask)).status, 60);
  });
});

/** The commands of a page, a text for each block, with this test's port. */
function commands(page: string): string[] {
  const text = readFileSync(join(PAGES, page), "utf8").replaceAll("registry.example.com:5443", ADDRESS);
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
}
