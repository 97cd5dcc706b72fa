import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PrivateRegistry } from "../../../components";
import type { Result } from "../../../tools/shell";
import { images, type TestStack, testStack } from "../../../tools/temporaryStack";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";

const DAEMON_JSON = '{"debug":    true,\n\t"max-concurrent-downloads": 2 }';

/** The install scripts of a registry: user to script. */
type Scripts = { readonly [user: string]: string };

describe("a machine with two registries", () => {
  let machine: ConsumerMachine;
  let stack: TestStack;
  let caGeneration = 1;
  let caRetiredGeneration = 0;
  let one: Scripts;
  let two: Scripts;
  let untouched: string;

  before(async () => {
    machine = await createConsumerMachine("check");
    stack = await testStack("consumer-check", async () => {
      const common = {
        bindAddress: machine.hostAddress,
        clientAddress: machine.hostAddress,
        users: [{ name: "builder" }, { name: "node" }],
        ...images,
      };
      const first = new PrivateRegistry("one", {
        ...common,
        hostnames: ["one.test"],
        port: 18446,
        caGeneration,
        caRetiredGeneration,
      });
      const second = new PrivateRegistry("two", { ...common, hostnames: ["two.test"], port: 18447 });
      const scripts = (registry: PrivateRegistry) => ({
        builder: registry.installScriptFor("builder"),
        node: registry.installScriptFor("node"),
      });
      return { one: scripts(first), two: scripts(second) };
    });
    await up();
    await must("update-ca-certificates --fresh"); // The store as its own program makes it, whatever this host did to it.
    await must('mkdir -p /etc/docker && printf %s "$1" >/etc/docker/daemon.json', DAEMON_JSON);
    untouched = machine.snapshot();
  });

  after(async () => {
    await machine?.destroy();
    await stack?.remove();
  });

  async function up(): Promise<void> {
    const outputs = await stack.up();
    one = outputs.one as Scripts;
    two = outputs.two as Scripts;
  }

  const run = (script: string | undefined, ...options: string[]): Promise<Result> =>
    machine.exec(["sh", "-s", "--", ...options], { input: script ?? "exit 9" });

  async function install(script: string | undefined, ...options: string[]): Promise<Result> {
    const result = await run(script, ...options);
    assert.equal(result.status, 0, result.stdout + result.stderr);
    return result;
  }

  async function must(text: string, ...args: string[]): Promise<string> {
    const result = await machine.exec(["sh", "-euc", text, "sh", ...args]);
    assert.equal(result.status, 0, `${text}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  }

  /** The findings of `--check`, which must fail; a line each, without the registry's name. */
  async function findings(script: string | undefined): Promise<string[]> {
    const { status, stderr } = await run(script, "--check");
    assert.equal(status, 1, stderr);
    return stderr.trimEnd().split("\n");
  }

  const expectOne = async (script: string | undefined, expected: RegExp) => {
    const all = await findings(script);
    assert.match(all.shift() ?? "", expected);
    assert.match(all.join("\n"), /^one\.test:18446: error: run this script without --check to mend that$/);
  };

  it("says what is missing before, on --check and --dry-run, and changes nothing", async () => {
    const all = (await findings(one.node)).join("\n");
    for (const finding of [
      /missing CA: \/etc\/docker\/certs\.d\/one\.test:18446\/ca\.crt/,
      /missing CA: \/etc\/containers\/certs\.d\/one\.test:18446\/ca\.crt/,
      /missing file: \/etc\/containers\/registries\.conf\.d\/private-registry-one\.test_18446\.conf/,
      /missing hosts line: \/etc\/hosts has none for one\.test:18446/,
      /not logged in: \/root\/\.docker\/config\.json holds nothing for one\.test:18446/,
      /not logged in: \/root\/\.config\/containers\/auth\.json holds nothing for one\.test:18446/,
    ])
      assert.match(all, finding);
    assert.match(
      (await install(one.node, "--dry-run")).stdout,
      /would write \/etc\/docker.*would add to \/etc\/hosts.*would log in .* as node/s,
    );
    assert.equal(machine.snapshot(), untouched);
  });

  it("finds nothing once both are installed, and changes nothing the second time", async () => {
    await install(one.node);
    await install(two.node);
    const installed = machine.snapshot();
    for (const script of [one.node, two.node])
      assert.match((await install(script, "--check")).stdout, /everything is in place: docker podman/);
    await install(one.node);
    assert.equal(machine.snapshot(), installed);
  });

  it("finds the login of another user, an emptied file and a wrong hosts line, and mends each", async () => {
    const other = (await findings(one.builder)).join("\n");
    for (const store of ["/root/.docker/config.json", "/root/.config/containers/auth.json"])
      assert.ok(
        other.includes(`wrong credentials: ${store} holds another login at one.test:18446 than builder's`),
        other,
      );
    await must("rm /etc/docker/certs.d/one.test:18446/ca.crt");
    await expectOne(one.node, /: missing CA: \/etc\/docker\/certs\.d\/one\.test:18446\/ca\.crt$/);
    await install(one.node);
    await must(
      "sed 's/^[^ ]* one\\.test/192.0.2.99 one.test/' /etc/hosts >/tmp/hosts; cat /tmp/hosts >/etc/hosts",
    );
    await expectOne(one.node, /wrong hosts line: \/etc\/hosts has '192\.0\.2\.99 one\.test # /);
    await install(one.node);
    await install(one.node, "--check");
  });

  it("finds credentials that the registry refuses, though the machine holds what the script says", async () => {
    const old = `${one.node}`.replace(/^PASSWORD=.*$/m, "PASSWORD='an older one'");
    const all = (await findings(old)).join("\n");
    assert.match(
      all,
      /docker login at one\.test:18446: wrong credentials\. The password may have changed: get this script anew/,
    );
  });

  it("tells where a machine stands while the authority changes, and that a script is too old", async () => {
    const first = one;
    caGeneration = 2;
    await up();
    await install(first.node, "--check"); // The old one still signs.
    const lacking = (await findings(one.node)).join("\n");
    assert.match(lacking, /CA of an older generation: \/etc\/docker\/certs\.d\/one\.test:18446\/ca\.crt/);
    assert.match(lacking, /CA of an older generation: \/etc\/containers\/certs\.d\/one\.test:18446\/ca\.crt/);
    await install(one.node);
    caRetiredGeneration = 1;
    await up();
    const superfluous = (await findings(one.node)).join("\n");
    assert.match(superfluous, /CA no longer used: \/etc\/docker\/certs\.d\/one\.test:18446\/ca\.crt/);
    await install(one.node);
    await install(one.node, "--check");
    await install(two.node, "--check");
    await run(first.node);
    assert.match(
      (await findings(first.node)).join("\n"),
      /login at one\.test:18446: wrong authority\. It may have changed: get this script anew/,
    );
    await install(one.node);
  });

  it("puts the authority into the system's store when asked, by the system's own program", async () => {
    const ask = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}"];
    const url = "https://one.test:18446/v2/";
    assert.equal((await machine.exec([...ask, url])).status, 60, "curl refuses");
    await install(one.node, "--os-trust");
    assert.equal((await machine.exec([...ask, url])).stdout, "401");
    await must("rm /usr/local/share/ca-certificates/private-registry-one.test_18446.crt");
    await expectOne(
      one.node,
      /missing CA: \/usr\/local\/share\/ca-certificates\/private-registry-one\.test_18446/,
    );
    await install(one.node);
  });

  it("keeps one registry when the other is removed, and is as it was after both, daemon.json included", async () => {
    await must("echo hello >/tmp/hello; tar -C /tmp -cf - hello | docker import - two.test:18447/tiny:1");
    await install(one.node, "--remove");
    await install(two.node, "--check");
    await must("docker push two.test:18447/tiny:1 && skopeo inspect docker://two.test:18447/tiny:1");
    const removed = await machine.exec(["docker", "pull", "one.test:18446/tiny:1"]);
    assert.notEqual(removed.status, 0);
    assert.equal(await must("cat /etc/docker/daemon.json"), DAEMON_JSON);
    await install(two.node, "--remove");
    const [after, before] = [machine.snapshot(), untouched].map((listing) => listing.split("\n"));
    assert.deepEqual(
      after?.filter((line) => !before?.includes(line)),
      [],
    );
    assert.deepEqual(
      before?.filter((line) => !after?.includes(line)),
      [],
    );
  });
});
