import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { splitPem } from "../../../components/certificates/pem";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";
import { underLoad } from "../../support/load";
import { servedChain } from "../../support/servedChain";
import { type Skopeo, skopeo } from "../../support/skopeo";

const port = 18571;
const proxy = "private-registry-rotation-authority-main-proxy";

describe("an authority that takes over from another", () => {
  let machine: ConsumerMachine;
  let stack: InfraStack;
  /** The first authority, which has less than a year left. */
  let old: string;
  /** Both, as the outputs of the overlap have them. */
  let bundle: string;
  let script: string;
  let user: string;
  let config: { readonly [key: string]: unknown };
  const pullers: Skopeo[] = [];

  before(async () => {
    machine = await createConsumerMachine("rotation");
    config = {
      hostnames: [machine.hostAddress],
      port,
      bindAddress: machine.hostAddress,
      users: [{ name: "ci" }],
    };
    stack = await infraStack("rotation-authority", {
      ...config,
      certificate: { validityDays: 200, caValidityDays: 300 },
    });
    const { stdout, outputs } = await stack.stack.up();
    assert.match(stdout, /warning: the certificate authority ends in 299 days: raise caGeneration/);
    old = outputs.caCertificate?.value;
    script = outputs.installScript?.value;
    user = `ci:${outputs.credentials?.value.ci}`;
    await install();
    const push = `head -c 2000000 /dev/urandom >/tmp/layer && tar -C /tmp -cf - layer | docker import - "$1"
      docker push "$1" && docker rmi "$1"`;
    const pushed = await onMachine(push);
    assert.equal(pushed.status, 0, pushed.stderr);
  });

  after(async () => {
    for (const puller of pullers) puller.remove();
    await machine?.destroy();
    await stack?.remove();
  });

  function pullerWith(ca: string): Skopeo {
    const puller = skopeo(`${machine.hostAddress}:${port}`, ca, user);
    pullers.push(puller);
    return puller;
  }

  const load = (ca: string) => ({
    puller: pullerWith(ca),
    image: "team/app:1",
    target: { host: machine.hostAddress, port, ca, user },
    atLeast: 4000,
  });

  async function install(...options: string[]) {
    const result = await machine.exec(["sh", "-s", "--", "--for", "docker", ...options], { input: script });
    assert.equal(result.status, 0, result.stdout + result.stderr);
  }

  const onMachine = (text: string) =>
    machine.exec(["sh", "-euc", text, "sh", `${machine.hostAddress}:${port}/team/app:1`]);
  /** A client that was installed before the change, and never since. */
  const forgottenPull = () => onMachine('docker pull "$1" && docker rmi "$1"');
  const served = () => servedChain(machine.hostAddress, port);

  it("is handed out beside the old one, which goes on signing, and every client pulls", async (test) => {
    const leaf = (await served())[0];
    const identity = await identityOf(proxy);
    stack.configure({ ...config, certificate: { validityDays: 200 }, caGeneration: 2 });
    await underLoad(test, load(old), async () => {
      const { stdout, outputs } = await stack.stack.up();
      assert.match(
        stdout,
        /warning: clients must trust authority 2 while 1 signs: run the install script anew/,
      );
      bundle = outputs.caCertificate?.value;
      script = outputs.installScript?.value;
    });
    assert.equal(splitPem(bundle).length, 2);
    assert.equal(splitPem(bundle)[0], old.trim(), "oldest first");
    assert.equal((await served())[0]?.fingerprint256, leaf?.fingerprint256, "the same certificate is served");
    assert.equal(await identityOf(proxy), identity);
    assert.equal((await pullerWith(bundle).pull("team/app:1")).status, 0);
    assert.equal((await forgottenPull()).status, 0, "a client that has the old one alone");
    await stack.expectNoChanges();
  });

  it("is missing on a client that was forgotten, and --check says so", async () => {
    const check = await machine.exec(["sh", "-s", "--", "--check", "--for", "docker"], { input: script });
    assert.equal(check.status, 1, check.stdout + check.stderr);
    assert.match(check.stdout + check.stderr, /ca\.crt/);
  });

  it("signs once the old one is retired, and no client that trusts both notices", async (test) => {
    const identity = await identityOf(proxy);
    stack.configure({ ...config, caGeneration: 2, caRetiredGeneration: 1 });
    await underLoad(test, load(bundle), async () => {
      const { stdout, outputs } = await stack.stack.up();
      assert.doesNotMatch(stdout, /warning: .*authority/);
      assert.equal(outputs.caCertificate?.value.trim(), splitPem(bundle)[1]);
      script = outputs.installScript?.value;
    });
    const [leaf] = await served();
    assert.ok(
      leaf?.verify(new X509Certificate(splitPem(bundle)[1] ?? "").publicKey),
      "the new one signed it",
    );
    assert.equal(await identityOf(proxy), identity);
    await stack.expectNoChanges();
  });

  it("fails only from now on where it was forgotten, with a message whose page names the remedy", async (test) => {
    const refused = await forgottenPull();
    assert.notEqual(refused.status, 0);
    const [row, message, , remedy = ""] =
      errorRows().find(([, text]) => text && refused.stderr.includes(text)) ?? [];
    assert.ok(row, refused.stderr);
    test.diagnostic(`${message}: ${remedy}`);
    assert.match(remedy, /Run the install script/);
    await install();
    assert.equal((await forgottenPull()).status, 0);
  });
});

/** The rows of the error page: the row, its first message, cause and remedy. */
function errorRows(): string[][] {
  const page = readFileSync(join(__dirname, "../../../docs/clients/errors.md"), "utf8");
  return page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((row) => [row, /`([^`]+)`/.exec(row)?.[1] ?? "", ...row.split(" | ").slice(1)]);
}
