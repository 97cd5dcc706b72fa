import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Front, PrivateRegistry } from "../../../components";
import type { Result } from "../../../tools/shell";
import { images, type TestStack, testStack } from "../../../tools/temporaryStack";
import { clientPrograms, prepareClientPrograms, STORAGE } from "../../support/clientPrograms";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";

/** How a registry may be served, and how a client that knows nothing of it is refused. */
const X509 = /x509: certificate signed by unknown authority/;
const registries = [
  { name: "tls", title: "TLS", port: 18457, args: {}, refusal: X509 },
  {
    name: "mutual",
    title: "TLS with a client certificate",
    port: 18512,
    args: { requireClientCertificates: true },
    refusal: X509,
  },
  {
    name: "plain",
    title: "plain HTTP",
    port: 18513,
    args: { front: Front.None, proxyImage: undefined },
    refusal: /server gave HTTP response to HTTPS client/,
  },
];

describe("a client on another machine, by the files of its runtime alone", () => {
  let machine: ConsumerMachine;
  let stack: TestStack;
  let scripts: { readonly [registry: string]: string };
  let logins: { readonly [registry: string]: string };
  let untouched: string;

  before(async () => {
    machine = await createConsumerMachine("clients");
    stack = await testStack("consumer-clients", async () => {
      const made = registries.map(({ name, port, args }) => {
        const registry = new PrivateRegistry(name, {
          hostnames: ["registry.test", machine.hostAddress],
          port,
          bindAddress: machine.hostAddress,
          clientAddress: machine.hostAddress,
          users: [{ name: "admin" }, { name: "node" }],
          ...images,
          ...args,
        });
        return [name, registry] as const;
      });
      const each = <T>(of: (registry: PrivateRegistry) => T) =>
        Object.fromEntries(made.map(([name, registry]) => [name, of(registry)]));
      return {
        scripts: each((registry) => registry.installScriptFor("node")),
        logins: each((registry) => registry.credentials.apply(({ node }) => `node:${node}`)),
      };
    });
    const outputs = await stack.up();
    scripts = outputs.scripts as typeof scripts;
    logins = outputs.logins as typeof logins;
    await prepareClientPrograms(machine);
    untouched = machine.snapshot();
  });

  after(async () => {
    await machine?.destroy();
    await stack?.remove();
  });

  const sh = (text: string, ...args: (string | undefined)[]): Promise<Result> =>
    machine.exec(["sh", "-euc", text, "sh", ...args.map(String)], { env: STORAGE });

  async function must(text: string, ...args: (string | undefined)[]): Promise<void> {
    const result = await sh(text, ...args);
    assert.equal(result.status, 0, `${text}: ${result.stdout}${result.stderr}`);
  }

  for (const { name: registry, title, port, refusal } of registries) {
    const install = async (...options: string[]): Promise<void> => {
      const result = await machine.exec(["sh", "-s", "--", ...options], { input: scripts[registry] });
      assert.equal(result.status, 0, result.stdout + result.stderr);
    };

    for (const [name, { runtime, push, pull }] of Object.entries(clientPrograms)) {
      it(`${name} is refused before, pushes and pulls after, and is refused again: ${title}`, async () => {
        const byAddress = `${machine.hostAddress}:${port}/team/${name}:1`;
        const byName = `registry.test:${port}/team/${name}:1`;
        const before = await sh(push, byAddress, logins[registry]);
        assert.notEqual(before.status, 0, "a push before");
        assert.match(before.stdout + before.stderr, refusal);

        await install("--for", runtime);
        await install("--check");
        await must(push, byAddress, logins[registry]);
        await must(pull, byName, logins[registry]);

        await install("--remove");
        const again = await sh(pull, byAddress, logins[registry]);
        assert.notEqual(again.status, 0, "a pull after --remove");
        assert.match(again.stdout + again.stderr, refusal);
        assert.equal(machine.snapshot(), untouched);
      });
    }
  }
});
