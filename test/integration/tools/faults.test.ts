import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "../../../tools/shell";
import {
  type InfraStack,
  infraStack,
  keeperImage,
  proxyImage,
  registryImage,
} from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";
import { type Skopeo, skopeo } from "../../support/skopeo";

const port = 5443;
const prefix = "private-registry-faults-main";
const servers = [`${prefix}-proxy`, `${prefix}-registry`];
const helpers = ["proxy-files", "proxy-stage", "proxy-activate", "registry-files", "registry-prepare"].map(
  (role) => `${prefix}-${role}`,
);

describe("a registry on a Docker host that fails", () => {
  let machine: ConsumerMachine;
  let stack: InfraStack;
  let client: RegistryClient;
  let images: Skopeo;
  let user: string;
  let digest: string;

  before(async () => {
    machine = await createConsumerMachine("faults", "");
    for (const image of [registryImage, proxyImage, keeperImage]) await machine.loadImage(image);
    stack = await infraStack("faults", {
      hostnames: [machine.address],
      port,
      dockerHost: machine.dockerHost,
    });
    const outputs = await stack.up();
    user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    client = new RegistryClient(port, String(outputs.caCertificate), machine.address);
    images = skopeo(`${machine.address}:${port}`, String(outputs.caCertificate), user);
    digest = await images.push("team/app:1", [3_000_000]);
  });

  after(async () => {
    images?.remove();
    // With the machine goes its Docker daemon, and everything that the stack has created there.
    await machine?.destroy();
    stack?.forget();
  });

  async function must(...command: string[]): Promise<string> {
    const result = await machine.exec(command);
    assert.equal(result.status, 0, `${command.join(" ")}: ${result.stderr}`);
    return result.stdout.trim();
  }

  async function isBack(): Promise<void> {
    await until("the registry answers", async () => {
      const answer = await client.ask("/v2/", { user }).catch(() => undefined);
      return answer?.status === 200;
    });
    assert.equal(await images.digest("team/app:1"), digest);
    assert.equal((await images.pull("team/app:1")).status, 0);
    await images.push("team/probe:1", [100_000]);
  }

  for (const server of servers) {
    it(`is back with up --refresh after ${server} was deleted, with all images`, async () => {
      await must("docker", "rm", "-f", server);
      await stack.stack.up({ refresh: true });
      await isBack();
      await stack.stack.refresh();
      await stack.expectNoChanges();
    });
  }

  it("is not disturbed when the helper containers are pruned, nor is the next change", async () => {
    await must("docker", "rm", ...helpers);
    await stack.up();
    await isBack();
    stack.configure({
      hostnames: [machine.address],
      port,
      dockerHost: machine.dockerHost,
      realm: "Another realm",
    });
    await stack.up();
    assert.match(String((await client.ask("/v2/")).headers["www-authenticate"]), /Another realm/);
    await isBack();
  });

  it("turns unhealthy when nothing can be written, and healthy when it can again", async () => {
    const folder = await must("docker", "volume", "inspect", "-f", "{{.Mountpoint}}", `${prefix}-data`);
    await must("chown", "0:0", folder);
    await must("chmod", "755", folder);
    await must("rm", `${folder}/.private-registry-health`);
    const health = () => must("docker", "inspect", "-f", "{{.State.Health.Status}}", `${prefix}-registry`);
    await until("the registry is unhealthy", async () => (await health()) === "unhealthy");
    await must("chown", "10001:10001", folder);
    await until("the registry is healthy again", async () => (await health()) === "healthy");
  });
});
