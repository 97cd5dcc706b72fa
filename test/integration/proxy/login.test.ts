import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { Cgroups } from "../../../bench/host/cgroups";
import { output, until } from "../../../tools/shell";
import { type InfraStack, identityOf, infraStack } from "../../../tools/temporaryStack";
import { RegistryClient } from "../../support/client";

const port = 18448;
const prefix = "private-registry-login-main";
const verifier = `${prefix}-verifier`;
/** What passwords may be made of; bcrypt reads 72 bytes. */
const odd = {
  colons: "::a:b:",
  letters: "pässwörd 密码 🔑",
  signs: "\"'`$(x)\\%20#{};&|<>~",
  longest: "é".repeat(36),
};
const [hostnames, bindAddress] = [["127.0.0.1"], "127.0.0.1"];
const config = {
  hostnames,
  port,
  bindAddress,
  users: [{ name: "ci" }, { name: "alice" }, ...Object.keys(odd).map((name) => ({ name }))],
  "password-alice": "alice's own",
  ...Object.fromEntries(Object.entries(odd).map(([name, password]) => [`password-${name}`, password])),
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
    const spent = await Cgroups.of([verifier]);
    const before = spent.cpu();
    assert.equal(await statusFor("ci:wrong"), 401);
    const once = spent.cpu() - before;
    for (let request = 0; request < 100; request++) assert.equal(await statusFor(ci), 200);
    // One check at this cost takes some 45 ms of a processor; a health check takes 20.
    assert.ok(spent.cpu() - before < 20 * once, "the verifier had next to nothing to do");
    assert.ok(once > 5000, `bcrypt was paid: ${once} µs`);
  });

  it("takes the passwords that there may be, and no other like them", async () => {
    for (const [name, password] of Object.entries(odd)) {
      assert.equal(await statusFor(`${name}:${password}`), 200, name);
      for (const wrong of [
        "",
        password.slice(1),
        password.slice(0, -1),
        password.toUpperCase(),
        `:${password}`,
      ])
        assert.equal(await statusFor(`${name}:${wrong}`), 401, `${name}: ${wrong}`);
    }
  });

  it("is checked at once where it is new and comes with a body", async () => {
    const start = performance.now();
    const upload = { method: "POST", user: "alice:alice's own", body: "{}" };
    assert.equal((await client.ask("/v2/team/app/blobs/uploads/", upload)).status, 202);
    assert.ok(performance.now() - start < 10_000);
  });

  it("takes as long for a user who does not exist as for a wrong password", async () => {
    const times = {
      known: [] as number[],
      unknown: [] as number[],
      otherCase: [] as number[],
      lineBreak: [] as number[],
    };
    for (let round = 0; round < 8; round++) {
      times.known.push(await millisecondsFor(`ci:wrong-${round}`));
      times.unknown.push(await millisecondsFor(`nobody:wrong-${round}`));
      times.otherCase.push(await millisecondsFor(`CI:wrong-${round}`));
      times.lineBreak.push(await millisecondsFor(`ci\n:wrong-${round}`));
    }
    const known = Math.min(...times.known);
    for (const [name, all] of Object.entries(times)) {
      // A check left out would be thirty times faster.
      assert.ok(Math.min(...all) > known / 3, `${name}: ${Math.min(...all)} ms against ${known} ms`);
    }
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

  it("leaves no name in the verifier's log, and next to nothing in its memory", async () => {
    assert.equal(await output(["docker", "logs", verifier]), "");
    const anonymous = (await Cgroups.of([verifier])).anonymous();
    // A registry in its place held 18 MB after as many.
    assert.ok(anonymous < 6e6, `${anonymous} bytes`);
  });

  it("waits for no verifier if it is known, and is told so if it is new", async () => {
    await output(["docker", "pause", verifier]);
    assert.equal(await statusFor(ci), 200);
    await output(["docker", "unpause", verifier]);
    await output(["docker", "stop", verifier]);
    assert.equal(await statusFor(ci), 200);
    const { status, headers, body } = await client.ask("/v2/", { user: "ci:new-1" });
    assert.deepEqual([status, headers["retry-after"]], [503, "5"]);
    assert.match(body, /logins cannot be checked now, try again/);
    await output(["docker", "start", verifier]);
    await until("logins are checked again", async () => (await statusFor("ci:new-2")) === 401);
  });

  it("is checked again after the verifier was killed, which leaves its socket", async () => {
    const state = () => output(["docker", "inspect", "-f", "{{.RestartCount}} {{.State.Pid}}", verifier]);
    const [count, pid] = (await state()).split(" ");
    process.kill(Number(pid), "SIGKILL");
    await until(
      "the verifier is back",
      async () => (await state()).split(" ")[0] === String(Number(count) + 1),
    );
    await until("logins are checked again", async () => (await statusFor("ci:new-3")) === 401);
  });

  it("ends with the very up that removes or changes a user, on kept connections too", async () => {
    const identities = () => Promise.all([`${prefix}-proxy`, verifier].map(identityOf));
    const before = await identities();
    assert.equal(await statusFor("alice:alice's own"), 200);
    assert.equal(await statusFor("bob:bob's own"), 401);
    const users = [{ name: "ci" }, { name: "colons" }, { name: "bob" }];
    const passwords = { "password-colons": "another", "password-bob": "bob's own" };
    stack.configure({ hostnames, port, bindAddress, users, ...passwords });
    await stack.up();
    assert.equal(await statusFor("alice:alice's own"), 401);
    assert.equal(await statusFor(`colons:${odd.colons}`), 401);
    for (const user of [ci, "colons:another", "bob:bob's own"]) assert.equal(await statusFor(user), 200);
    assert.deepEqual(await identities(), before);
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
