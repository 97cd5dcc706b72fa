import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegistryProxyArgs } from "../../../components/proxy/args";
import { RegistryProxy } from "../../../components/proxy/registryProxy";
import { filesOf } from "../../support/containers";
import { type Declared, declare } from "../../support/mocks";

const args: RegistryProxyArgs = {
  certificateChainPem: "the chain",
  privateKeyPem: "the private key",
  htpasswd: "alice:one\n",
  socketVolumeName: "socket-volume",
  networkName: "front",
};

interface Generation {
  /** Name of the folder of the files. */
  readonly folder: string;
  /** What nginx answers once it serves them: the name of the folder. */
  readonly served: string;
  readonly container: Declared["inputs"];
  readonly activation: string;
  readonly stage: string;
}

async function generation(change: Partial<RegistryProxyArgs> = {}): Promise<Generation> {
  const { get } = await declare(() => new RegistryProxy("web", { ...args, ...change }));
  const [path, nginx] =
    Object.entries(filesOf(get("web-files"))).find(([file]) => file.endsWith("/nginx.conf")) ?? [];
  return {
    folder: path?.split("/").at(-2) ?? "",
    served: /return 200 "([0-9a-f]{16})";/.exec(nginx ?? "")?.[1] ?? "",
    container: get("web-container").inputs,
    activation: get("web-activate").inputs.command[0],
    stage: get("web-stage").inputs.command[0],
  };
}

test("stage and activation are told of the folder and of what nginx will answer", async () => {
  const { folder, served, stage, activation } = await generation();
  assert.match(folder, /^[0-9a-f]{16}$/);
  assert.equal(served, folder);
  for (const script of [stage, activation]) {
    assert.match(script, /^FILES_PATH='\/etc\/private-registry'$/m);
    assert.ok(script.includes(`\nGENERATION='${folder}'\n`));
  }
  assert.ok(activation.includes(`[ "$(ask generation)" = "$GENERATION" ]`));
});

test("another registry, and another verifier, is waited for by another activation", async () => {
  const { get } = await declare(() => new RegistryProxy("web", { ...args, registryId: "id-of-registry" }));
  assert.deepEqual(get("web-activate").inputs.envs, [
    "VERIFIER=id-of-web-verifier",
    "REGISTRY=id-of-registry",
  ]);
  assert.equal(get("web").inputs.registryId, undefined, "no other child waits for it");
  assert.equal(get("web").inputs.networkName, undefined, "nor for the network");
});

test("the same arguments are the same generation", async () => {
  assert.deepEqual(await generation(), await generation());
});

for (const [what, change] of Object.entries<Partial<RegistryProxyArgs>>({
  user: { htpasswd: "alice:two\n" },
  certificate: { certificateChainPem: "another chain" },
  "private key": { privateKeyPem: "another key" },
  realm: { realm: "Our registry" },
  snippet: { snippet: "gzip on;" },
})) {
  test(`a changed ${what} is a new generation that nginx must read`, async () => {
    const [before, after] = [await generation(), await generation(change)];
    assert.notEqual(after.folder, before.folder);
    assert.notEqual(after.served, before.served);
  });

  test(`a changed ${what} leaves the container as it is`, async () => {
    assert.deepEqual((await generation(change)).container, (await generation()).container);
  });
}
