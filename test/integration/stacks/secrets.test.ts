import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run } from "../../../tools/shell";
import { foundByLabels, type InfraStack, infraStack } from "../../../tools/temporaryStack";
import { selfSigned } from "../../support/certificates";
import { RegistryClient } from "../../support/client";

const port = 18455;
const supplied = "Correct-Horse-Battery-Staple";
const filters = ["label=private-registry.project=private-registry", "label=private-registry.stack=secrets"];

const settings = {
  hostnames: ["127.0.0.1"],
  port,
  bindAddress: "127.0.0.1",
  users: [{ name: "ci" }, { name: "alice" }],
  registry: { logLevel: "debug", accessLog: true },
};

describe("the secrets of a registry", () => {
  let stack: InfraStack;
  let outputs: Record<string, unknown>;
  /** What must not be found, each with a name that may be printed. */
  let needles: Map<string, string>;
  let processes: string;

  before(async () => {
    stack = await infraStack("secrets", settings);
    await stack.stack.setConfig("private-registry:password-alice", { value: supplied, secret: true });
    const watch = watchProcesses();
    outputs = await stack.up();
    const credentials = outputs.credentials as Record<string, string>;
    const client = new RegistryClient(port, String(outputs.caCertificate));
    for (const [user, password] of Object.entries(credentials)) {
      assert.equal((await client.ask("/v2/_catalog", { user: `${user}:${password}` })).status, 200);
    }
    assert.equal((await client.ask("/v2/", { user: `ci:${supplied}` })).status, 401);
    processes = await watch();
    needles = await secretsOf(stack, credentials);
  });

  after(() => stack?.remove());

  function assertClean(where: string, text: string): void {
    assert.ok(text.length > 0, `${where} is not empty`);
    for (const [name, needle] of needles) {
      assert.ok(!text.includes(needle), `${where} holds ${name} in clear`);
    }
  }

  it("are found where they belong, so that the search is one that can find", async () => {
    assert.equal(needles.size, 12);
    const script = String(outputs.installScript);
    assert.ok(script.includes(needles.get("password of ci") ?? "-"));
  });

  /** Every state there ever was of the stack, and its history. */
  function states(): string {
    const folder = join(stack.cli.env.PULUMI_BACKEND_URL?.replace("file://", "") ?? "", ".pulumi");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.ok(files.length > 2);
    return files.map((file) => readFileSync(join(file.path, file.name), "utf8")).join("\n");
  }

  it("are only ciphertext in the state", () => assertClean("the state", states()));

  it("are not in what docker inspect, the logs and the layers of any container show", async () => {
    const { container = [] } = await foundByLabels(filters);
    assert.equal(container.length, 13);
    for (const id of container) {
      assertClean(`inspect of ${id}`, await output(["docker", "inspect", id]));
      const logs = await run(["docker", "logs", id]);
      assertClean(`log of ${id}`, `${logs.stdout}${logs.stderr}.`);
      const layer = await output(["docker", "inspect", "-f", "{{.GraphDriver.Data.UpperDir}}", id]);
      // A volume is not in the layer: what was uploaded into one does not stay in its loader.
      const found = await run(["grep", "-r", "-l", "-a", "-F", "-f", "-", layer], {
        input: [...needles.values()].join("\n"),
      });
      assert.deepEqual([found.status, found.stdout], [1, ""], `layer of ${id}: ${found.stderr}`);
    }
  });

  it("are not in the memory file system of the proxy, where it keeps verdicts about logins", async () => {
    const read = "find /tmp -type f -exec cat {} +";
    const files = await output(["docker", "exec", "private-registry-secrets-main-proxy", "sh", "-c", read]);
    assert.match(files, /KEY: [0-9a-f]{64}-[0-9a-f]{16}/, "there is a verdict");
    assertClean("the memory file system", files);
  });

  it("are in no command line of a process, also while up runs", () => {
    assert.match(processes, /pulumi/);
    assertClean("the process list", processes);
  });

  it("are only ciphertext in the state where they are encrypted within the settings, too", async () => {
    const { certificatePem, privateKeyPem } = selfSigned("127.0.0.1");
    const nested = {
      "users[0].password": "a password within the settings",
      "ownCertificate.privateKeyPem": privateKeyPem,
      "registryConfigOverrides.http.headers.X-Override[0]": "an override within the settings",
    };
    const ownCertificate = { certificatePem, caCertificatePem: certificatePem };
    stack.configure({ ...settings, users: [{ name: "ci" }], ownCertificate });
    for (const [path, value] of Object.entries(nested)) {
      await stack.stack.setConfig(`private-registry:settings.${path}`, { value, secret: true }, true);
    }
    const { stdout, stderr } = await stack.stack.up();
    assert.doesNotMatch(stdout + stderr, /warning/i);
    const client = new RegistryClient(port, certificatePem);
    assert.equal((await client.ask("/v2/", { user: `ci:${nested["users[0].password"]}` })).status, 200);
    const container = "private-registry-secrets-main-registry";
    const start = await output(["docker", "inspect", "-f", '{{join .Config.Cmd " "}}', container]);
    const file = start.split(" ").at(-1) ?? "";
    assert.match(await output(["docker", "exec", container, "cat", file]), /an override within the settings/);
    needles = new Map(Object.entries({ ...nested, "ownCertificate.privateKeyPem": lineOf(privateKeyPem) }));
    assertClean("the state", states());
  });
});

/** Collects the command lines of all processes until it is called. */
function watchProcesses(): () => Promise<string> {
  const seen = new Set<string>();
  const timer = setInterval(() => {
    for (const entry of readdirSync("/proc")) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        seen.add(readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " "));
      } catch {
        // The process ended between the listing and the reading.
      }
    }
  }, 50);
  return async () => {
    clearInterval(timer);
    return [...seen].join("\n");
  };
}

/** Every secret of the stack in the forms in which it could leak. */
async function secretsOf(
  { stack }: InfraStack,
  credentials: { readonly [user: string]: string },
): Promise<Map<string, string>> {
  const needles = new Map<string, string>();
  for (const [user, password] of Object.entries(credentials)) {
    needles.set(`password of ${user}`, password);
    needles.set(`login of ${user}`, Buffer.from(`${user}:${password}`).toString("base64"));
  }
  const { deployment } = await stack.exportStack();
  for (const { type, urn, outputs } of deployment.resources) {
    const name = urn.split("::").at(-1);
    if (type === "tls:index/privateKey:PrivateKey") {
      const pem = plaintext(outputs.privateKeyPem);
      needles.set(`key ${name}`, lineOf(pem));
      needles.set(`encoded key ${name}`, Buffer.from(pem).toString("base64").slice(60, 140));
    }
    if (type === "random:index/randomPassword:RandomPassword") {
      needles.set(`random ${name}`, plaintext(outputs.result));
    }
  }
  return needles;
}

/** A part of a key that stays whole where line breaks are written in another way. */
function lineOf(pem: string): string {
  return pem.split("\n")[1] ?? "";
}

/** A secret in an exported state. */
function plaintext(value: { readonly plaintext: string }): string {
  const text: string = JSON.parse(value.plaintext);
  assert.ok(text.length > 16);
  return text;
}
