import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { PrivateRegistry } from "../../../components";
import { output } from "../../../tools/shell";
import { images, proxyImage, type TestStack, testStack } from "../../../tools/temporaryStack";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";

const image = "localhost/private-registry-test/large:1";
const port = 18443;

describe("a Docker client on another machine", () => {
  let machine: ConsumerMachine;
  let registry: TestStack;
  let outputs: Record<string, unknown>;
  let untouched: string;
  let reference: string;

  before(async () => {
    machine = await createConsumerMachine("trust");
    registry = await testStack("consumer-trust", async () => {
      const main = new PrivateRegistry("main", {
        hostnames: ["registry.test", machine.hostAddress],
        port,
        bindAddress: machine.hostAddress,
        clientAddress: machine.hostAddress,
        users: [{ name: "ci" }, { name: "alice", password: 'it\'s $HOME "quoted" \\' }],
        clientUser: "alice",
        ...images,
      });
      return { installScript: main.installScript, credentials: main.credentials, endpoint: main.endpoint };
    });
    outputs = await registry.up();
    reference = `${outputs.endpoint}/team/large:1`;
    await buildLargeImage();
    await machine.loadImage(image);
    await must(["docker", "tag", image, reference]);
    await must(["docker", "tag", image, `${machine.hostAddress}:${port}/team/large:1`]);
    untouched = machine.snapshot();
  });

  after(async () => {
    await machine?.destroy();
    await registry?.remove();
    await output(["docker", "rmi", "-f", image]);
  });

  async function must(command: readonly string[], input?: string): Promise<string> {
    const result = await machine.exec(command, { input });
    assert.equal(result.status, 0, `${command.join(" ")}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  function installScript(): string {
    return String(outputs.installScript);
  }

  it("does not trust the registry before the install script ran", async () => {
    const byAddress = await machine.exec(["docker", "push", `${machine.hostAddress}:${port}/team/large:1`]);
    assert.notEqual(byAddress.status, 0);
    assert.match(byAddress.stderr, /x509: certificate signed by unknown authority/);
  });

  it("logs in, pushes more than 500 MB in layers and pulls the same digest after the script alone", async () => {
    await must(["sh", "-s"], installScript());
    const pushed = /digest: (sha256:[0-9a-f]{64})/.exec(
      await must(["docker", "push", "--quiet=false", reference]),
    )?.[1];
    assert.ok(pushed, "the push names a digest");
    await must(["docker", "rmi", "-f", reference, image, `${machine.hostAddress}:${port}/team/large:1`]);
    assert.match(await must(["docker", "pull", reference]), new RegExp(`Digest: ${pushed}`));
    const size = Number(await must(["docker", "image", "inspect", "-f", "{{.Size}}", reference]));
    assert.ok(size > 500e6, `the image has ${size} bytes`);
    const layers = JSON.parse(
      await must(["docker", "image", "inspect", "-f", "{{json .RootFS.Layers}}", reference]),
    );
    assert.ok(layers.length > 3, `the image has ${layers.length} layers`);
    await must(["docker", "pull", `${machine.hostAddress}:${port}/team/large:1`]);
  });

  it("changes nothing when the script runs again", async () => {
    const installed = machine.snapshot();
    await must(["sh", "-s"], installScript());
    assert.equal(machine.snapshot(), installed);
  });

  it("is refused with a wrong password, and without one", async () => {
    const login = ["docker", "login", "--username", "alice", "--password-stdin", String(outputs.endpoint)];
    const wrong = await machine.exec(login, { input: "wrong", env: { DOCKER_CONFIG: "/tmp/wrong" } });
    assert.notEqual(wrong.status, 0);
    assert.match(wrong.stderr, /unauthorized|401/i);
    const none = await machine.exec(["docker", "pull", reference], { env: { DOCKER_CONFIG: "/tmp/none" } });
    assert.notEqual(none.status, 0);
    assert.match(none.stderr, /no basic auth credentials|unauthorized/);
  });

  it("is byte for byte as before after --remove, and refused again", async () => {
    await must(["sh", "-s", "--", "--remove"], installScript());
    assert.equal(machine.snapshot(), untouched);
    const refused = await machine.exec(["docker", "pull", `${machine.hostAddress}:${port}/team/large:1`]);
    assert.match(refused.stderr, /x509: certificate signed by unknown authority/);
  });
});

/** Three layers of random data, 540 MB, on top of an image that is there anyway. */
async function buildLargeImage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-build-"));
  const layer = (n: number) => `RUN head -c 180000000 /dev/urandom > /layer-${n}\n`;
  writeFileSync(join(folder, "Dockerfile"), `FROM ${proxyImage}\nUSER 0\n${[1, 2, 3].map(layer).join("")}`);
  try {
    await output(["docker", "build", "--quiet", "--tag", image, folder], { env: { DOCKER_BUILDKIT: "0" } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
