import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { output } from "../../../tools/shell";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";

const port = 18448;
const prefix = "private-registry-login-main";
const config = {
  hostnames: ["127.0.0.1"],
  port,
  bindAddress: "127.0.0.1",
  users: [{ name: "ci" }, { name: "alice" }],
  "password-alice": "alice's own",
};

describe("the login", () => {
  let stack: InfraStack;
  let client: RegistryClient;
  let ca: string;
  let ci: string;

  before(async () => {
    stack = await infraStack("login", config);
    const outputs = await stack.up();
    ca = String(outputs.caCertificate);
    client = new RegistryClient(port, ca);
    ci = `ci:${(outputs.credentials as Record<string, string>).ci}`;
  });

  after(() => stack?.remove());

  const statusFor = async (user: string) => (await client.ask("/v2/", { user })).status;

  async function millisecondsFor(user: string): Promise<number> {
    const start = performance.now();
    assert.equal(await statusFor(user), 401);
    return performance.now() - start;
  }

  it("is checked once: later requests do not wait for bcrypt", async () => {
    assert.equal(await statusFor(ci), 200);
    const verifier = `${prefix}-verifier`;
    const before = await processorTime(verifier);
    for (let request = 0; request < 100; request++) assert.equal(await statusFor(ci), 200);
    // One check at this cost takes some 60 ms of a processor; a hundred would take 6 s.
    assert.ok((await processorTime(verifier)) - before < 1, "the verifier had next to nothing to do");
  });

  it("is checked at once where it is new and comes with a body", async () => {
    const start = performance.now();
    const upload = { method: "POST", user: "alice:alice's own", body: "{}" };
    assert.equal((await client.ask("/v2/team/app/blobs/uploads/", upload)).status, 202);
    assert.ok(performance.now() - start < 10_000);
  });

  it("takes as long for a user who does not exist as for a wrong password", async () => {
    const times = { known: [] as number[], unknown: [] as number[], otherCase: [] as number[] };
    for (let round = 0; round < 8; round++) {
      times.known.push(await millisecondsFor(`ci:wrong-${round}`));
      times.unknown.push(await millisecondsFor(`nobody:wrong-${round}`));
      times.otherCase.push(await millisecondsFor(`CI:wrong-${round}`));
    }
    const [known, unknown, otherCase] = Object.values(times).map((all) => Math.min(...all)) as number[];
    // A check left out would be thirty times faster.
    assert.ok((unknown ?? 0) > (known ?? 0) / 3, `${unknown} ms against ${known} ms`);
    assert.ok((otherCase ?? 0) > (known ?? 0) / 3, `${otherCase} ms against ${known} ms`);
  });

  it("is nobody's with the name of the decoy, an empty password or a broken header", async () => {
    for (const user of ["_decoy:", "_decoy:x", "ci:", ":"]) assert.equal(await statusFor(user), 401, user);
    for (const header of ["Basic", "Basic !!!", "Bearer x", `basic ${"A".repeat(4000)}`]) {
      const { status } = await client.ask("/v2/", { headers: { Authorization: header } });
      assert.equal(status, 401, header);
    }
  });

  it("cannot be borrowed by a second header: no verdict is kept for what was not checked", async () => {
    const encoded = (user: string) => `Basic ${Buffer.from(user).toString("base64")}`;
    const [right, wrong] = [encoded(ci), encoded("alice:guessed")];
    for (const pair of [
      [right, wrong],
      [wrong, right],
    ]) {
      await raw(pair.map((value) => `Authorization: ${value}`));
      assert.equal(await statusFor("alice:guessed"), 401);
    }
  });

  it("goes on for those who are known while one address tries many wrong passwords", async () => {
    const flood = Promise.all(Array.from({ length: 300 }, (_, n) => statusFor(`ci:guess-${n}`)));
    let served = 0;
    for (let request = 0; request < 50; request++) {
      if ((await statusFor(ci)) === 200) served++;
    }
    assert.equal(served, 50);
    const count = new Map<number, number>();
    for (const status of await flood) count.set(status, (count.get(status) ?? 0) + 1);
    const counts = JSON.stringify([...count]);
    assert.deepEqual([...count.keys()].sort(), [401, 429], counts);
    assert.ok((count.get(429) ?? 0) > 100, `most were not even checked: ${counts}`);
  });

  it("ends with the very up that removes or changes a user, on kept connections too", async () => {
    const before = await identityOf(`${prefix}-proxy`);
    assert.equal(await statusFor("alice:alice's own"), 200);
    stack.configure({ ...config, users: [{ name: "ci" }], "password-alice": undefined });
    await stack.up();
    assert.equal(await statusFor("alice:alice's own"), 401);
    assert.equal(await statusFor(ci), 200);
    assert.equal(await identityOf(`${prefix}-proxy`), before);
    await stack.expectNoChanges();
  });

  /** Sends header lines as they are, and waits for the answer. */
  function raw(headers: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, ca }, () => {
        socket.write(`GET /v2/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers.join("\r\n")}\r\n\r\n`);
      });
      socket.on("error", reject);
      socket.on("data", () => {});
      socket.on("close", () => resolve());
    });
  }
});

/** Seconds of processor that the processes of a container have used. */
async function processorTime(container: string): Promise<number> {
  const pid = await output(["docker", "inspect", "-f", "{{.State.Pid}}", container]);
  const fields = (await output(["cat", `/proc/${pid}/stat`])).split(") ")[1]?.split(" ") ?? [];
  const ticks = Number(await output(["getconf", "CLK_TCK"]));
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
