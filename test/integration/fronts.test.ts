import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type ConsumerMachine, createConsumerMachine } from "../support/consumerMachine";
import { roundTrip } from "../support/roundTrip";
import { output } from "../support/shell";
import { type InfraStack, infraStack } from "../support/stack";

const image = "localhost/private-registry-test/fronts:1";
const port = 18446;
const x509 = /x509: certificate signed by unknown authority/;

/** Each is one argument away from the one before, on a registry that goes on. */
const fronts: readonly { readonly front: string; readonly strange: RegExp }[] = [
  { front: "nginx", strange: x509 },
  { front: "direct", strange: x509 },
  { front: "none", strange: /server gave HTTP response to HTTPS client/ },
  { front: "nginx", strange: x509 },
];

describe("a registry whose front is changed", () => {
  let machine: ConsumerMachine;
  let stack: InfraStack;
  const kept: { [repository: string]: string } = {};

  const config = (front: string) => ({
    hostnames: [machine.hostAddress],
    port,
    bindAddress: machine.hostAddress,
    users: ["ci"],
    front,
  });

  before(async () => {
    machine = await createConsumerMachine("fronts");
    await buildImage();
    stack = await infraStack("fronts", config("nginx"));
  });

  after(async () => {
    await machine?.destroy();
    await stack?.remove();
    await output(["docker", "rmi", "-f", image]);
  });

  for (const [index, { front, strange }] of fronts.entries()) {
    it(`serves a client from the first login to --remove behind front "${front}", and has every image of before (${index + 1})`, async (test) => {
      stack.configure(config(front));
      const outputs = await stack.up();
      const repository = `team/${front}:${index + 1}`;
      kept[repository] = await roundTrip({
        machine,
        outputs,
        image,
        repository,
        earlier: kept,
        strange,
      });
      test.diagnostic(`${Object.keys(kept).length} images are there`);
      await stack.expectNoChanges();
    });
  }
});

/** Two layers of random data and nothing else. */
async function buildImage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-build-"));
  for (const file of ["a", "b"]) writeFileSync(join(folder, file), randomBytes(4_000_000));
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY a /a\nCOPY b /b\n");
  await output(["docker", "build", "--quiet", "--tag", image, folder], { env: { DOCKER_BUILDKIT: "0" } });
  rmSync(folder, { recursive: true });
}
