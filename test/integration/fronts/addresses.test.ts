import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { output, run, until } from "../../../tools/shell";
import { addressOf, type InfraStack, infraStack, proxyImage } from "../../../tools/temporaryStack";
import { issuedByIntermediate } from "../../support/certificates";
import { type ClientSpace, clientSpace } from "../../support/clientSpace";
import { nginxConf } from "../../support/loadBalancers";

const port = 18482;
const proxy = "private-registry-addresses-main-proxy";
const balancer = "private-registry-test-balancer";
/** Prints the status of an answer alone. */
const STATUS = ["curl", "-sk", "-m", "5", "-o", "/dev/null", "-w", "%{http_code}"];
const chain = issuedByIntermediate("registry.test");
/** Of nobody on this machine: subnets of ours, one that is taken, and the link by which the client comes. */
const [subnets, balancersSubnet, link6] = [
  ["10.231.11.0/24", "fd12:3456:789a::/64"],
  "10.231.10.0/24",
  ["2001:db8:77::1", "2001:db8:77::2"],
] as const;

describe("addresses", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-addresses-"));
  const base = { hostnames: ["registry.test"], port, bindAddress: "::", users: [{ name: "ci" }] };
  const behind = {
    ...base,
    networkSubnets: [...subnets],
    front: "external",
    external: { trustedAddresses: [balancersSubnet], dockerNetwork: balancer, publicPort: 8443 },
  };
  let stack: InfraStack;
  let space: ClientSpace;

  before(async () => {
    await removeBalancer();
    await output(["docker", "network", "create", "--subnet", balancersSubnet, balancer]);
    space = await clientSpace("addresses");
    const [, hostLink = ""] = (
      await output(["ip", "-o", "-4", "addr", "show", "to", space.hostAddress])
    ).split(/\s+/);
    await output(["ip", "-6", "addr", "add", `${link6[0]}/64`, "dev", hostLink, "nodad"]);
    const link = `$(ip -o link | sed -n 's/^[0-9]*: \\(clien[^@:]*\\).*/\\1/p')`;
    await space.run(["sh", "-c", `ip -6 addr add ${link6[1]}/64 dev ${link} nodad`]);
    stack = await infraStack("addresses", base);
  });

  after(async () => {
    await stack?.remove();
    await space?.remove();
    await removeBalancer();
    rmSync(folder, { recursive: true, force: true });
  });

  async function removeBalancer() {
    await run(["docker", "rm", "-f", balancer]);
    await run(["docker", "network", "rm", balancer]);
  }

  /** Status of a request without a login, and the address by which the log knows who has asked. */
  async function seen(host: string, from?: ClientSpace) {
    const mark = Math.random().toString(36).slice(2);
    const curl = [...STATUS, "-A", mark, `https://${host}:${port}/v2/`];
    const status = (await (from?.run(curl) ?? run(curl))).stdout;
    let line = "";
    await until("it is in the log", async () => {
      line =
        (await run(["docker", "logs", "--tail", "50", proxy])).stdout
          .split("\n")
          .find((each) => each.includes(mark)) ?? "";
      return line !== "";
    });
    return [status, line.split(" ")[0]];
  }

  it("of both families lead to it by one setting, and up says that those of IPv6 clients are hidden", async () => {
    const { stdout } = await stack.stack.up();
    assert.match(stdout, /bindAddress: clients that come by IPv6 all have the address of Docker's gateway/);
    assert.deepEqual(await seen(space.hostAddress, space), ["401", space.address]);
    const gateway = (await addressOf(proxy)).replace(/\.\d+$/, ".1");
    assert.deepEqual(await seen(`[${link6[0]}]`, space), ["401", gateway]);
    assert.deepEqual(await seen("127.0.0.1"), ["401", gateway]);
  });

  it("of a subnet that is taken are refused, and the registry serves on", async () => {
    stack.configure({ ...base, networkSubnets: [balancersSubnet] });
    assert.match(await stack.failingUp(), /overlaps with other one on this address space/);
    assert.deepEqual(await seen(space.hostAddress, space), ["401", space.address]);
  });

  it("of a load balancer in a container are those of a network that both are in", async () => {
    stack.configure({ ...behind, external: { ...behind.external, dockerNetwork: "nobody-s" } });
    assert.match(await stack.failingUp(), /network nobody-s not found/);
    stack.configure(behind);
    const { frontSnippets } = await stack.up();
    const { nginx = "", upstreamCaCertificate = "" } = frontSnippets as Record<string, string>;
    assert.match(nginx, new RegExp(`server ${proxy}:8443;`));
    await startBalancer({
      "nginx.conf": nginxConf(nginx),
      "registry.crt": chain.certificatePem,
      "registry.key": chain.privateKeyPem,
      "private-registry-upstream-ca.crt": upstreamCaCertificate,
    });
    const host = await addressOf(balancer);
    const asked = await output(["curl", "-sk", "-m", "5", "-A", "through-it", `https://${host}:8443/v2/`]);
    assert.match(asked, /UNAUTHORIZED/);
    const fromGateway = host.replace(/\.\d+$/, ".1");
    await until("the log has the client of the load balancer", async () =>
      new RegExp(`^${fromGateway.replaceAll(".", "\\.")} .*through-it`, "m").test(
        await output(["docker", "logs", proxy]),
      ),
    );
    assert.equal((await seen("127.0.0.1"))[0], "403", "nobody else is let in");
  });

  it("of the network are the subnets that were asked for, and stay after a refresh", async () => {
    const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
    const names = await output([
      "docker",
      "network",
      "ls",
      "-q",
      "--filter",
      "label=private-registry.stack=addresses",
    ]);
    const found = await output(["docker", "network", "inspect", "-f", format, ...names.split("\n")]);
    assert.deepEqual(found.trim().split(" ").sort(), [...subnets].sort());
    await stack.stack.preview({ refresh: true, expectNoChanges: true });
    const asked = await run([...STATUS, `https://[::1]:${port}/v2/`]);
    assert.equal(asked.stdout, "403", "by IPv6 in the network, and not of the load balancer");
  });

  async function startBalancer(files: { readonly [name: string]: string }) {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const start = ["docker", "run", "-d", "--name", balancer, "--network", balancer];
    await output([...start, "-v", `${folder}:/etc/nginx`, proxyImage, "nginx", "-g", "daemon off;"]);
  }
});
