import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse, stringify } from "yaml";
import { output, run } from "../../../tools/shell";
import { identityOf } from "../../../tools/temporaryStack";
import { PrintedPage } from "../../support/printedPage";
import { buildImage } from "../../support/randomImage";
import { type Skopeo, skopeo } from "../../support/skopeo";

const project = "private-registry-people";
const address = "localhost:21660";
const text = readFileSync(resolve(__dirname, "../../../docs/people.md"), "utf8");
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

interface Settings {
  users?: { name: string; expires?: string }[];
  access?: { users?: string[] }[];
  immutableTags?: object[];
}

describe("docs/people.md, run as it is printed", () => {
  const page = new PrintedPage("docs/people.md", project, 21660);
  const examples = new Map(
    text
      .split(/^## /m)
      .map((section): [string, string] => [
        section.slice(0, section.indexOf("\n")),
        /^```yaml\n(.*?)^```$/ms.exec(section)?.[1] ?? "",
      ])
      .filter(([, example]) => example !== ""),
  );
  let settings: Settings = {};
  let ca: string;
  const clients = new Map<string, Skopeo>();

  before(() => page.up());

  after(async () => {
    for (const client of clients.values()) client.remove();
    await page.down();
  });

  /** Writes the stack file, and says to whom the registry then gives which password. */
  const configure = (next: Settings) => {
    settings = next;
    const file = join(page.folder, "Pulumi.dev.yaml");
    const stack = parse(readFileSync(file, "utf8"));
    Object.assign(stack.config[`${project}:settings`], settings);
    writeFileSync(file, stringify(stack));
  };
  /** Adds the example below a heading to what is there. */
  const add = (heading: string) => {
    const example: Settings = parse(examples.get(heading) ?? "");
    examples.delete(heading);
    const all = (key: keyof Settings) => [...(settings[key] ?? []), ...(example[key] ?? [])];
    const added = Object.keys({ ...settings, ...example }) as (keyof Settings)[];
    configure(Object.fromEntries(added.map((key) => [key, all(key)])));
  };
  const step = (heading: string) => page.shell.run(page.take(heading).replaceAll("localhost:5443", address));
  let passwordOfAdmin: string;
  const learn = async () => {
    const show = ["run", "-s", "pulumi", "--", "stack", "output"];
    ca = await page.npm(...show, "caCertificate");
    const passwords = JSON.parse(await page.npm(...show, "credentials", "--show-secrets"));
    passwordOfAdmin = passwords.admin;
    for (const [name, password] of Object.entries(passwords))
      if (!clients.has(name)) clients.set(name, skopeo(address, ca, `${name}:${password}`));
  };
  const as = (name: string): Skopeo => {
    const client = clients.get(name);
    assert.ok(client, name);
    return client;
  };
  const pulls = async (name: string, image: string) => (await as(name).pull(image)).status === 0;
  const denied = (push: Promise<unknown>, words: string) => assert.rejects(push, new RegExp(words));

  it("says who may do what, and replaces no server", async () => {
    const proxy = await identityOf(`${project}-dev-main-proxy`);
    add("Say who may do what");
    await step("Say who may do what");
    assert.equal(await identityOf(`${project}-dev-main-proxy`), proxy);
    await learn();
    for (const image of ["team/app:1", "prod/app:1", "public/app:1"]) await as("admin").push(image, [1000]);
    await as("alice").push("team/web:1", [1000]);
    await as("ci").push("team/deep/web:1", [1000]);
    await denied(as("ci").push("public/app:2", [1000]), "public/app: 403");
    assert.deepEqual(
      [await pulls("deploy", "team/app:1"), await pulls("deploy", "prod/app:1")],
      [true, false],
    );
    await denied(as("deploy").push("team/app:2", [1000]), "deploy may not push to team/app");
    await denied(as("alice").delete("team/web:1"), "alice may not delete from team/web");
    await as("admin").delete("team/web:1");
  });

  it("shows what somebody may do", async () => {
    const printed = await step("Look at what somebody may do");
    const [list = "", denial = ""] = printed.split("\n");
    assert.ok(JSON.parse(list).repositories.includes("team/app"));
    assert.doesNotMatch(list, /prod|public/);
    assert.ok(text.includes(`\n${denial}\n`), denial);
  });

  it("lets everybody pull without a login, Docker from this machine too", async () => {
    const docker = (...args: string[]) => run(["docker", "--config", page.folder, ...args]);
    const image = `${address}/public/tool:1`;
    await buildImage(image);
    const auth = Buffer.from(`admin:${passwordOfAdmin}`).toString("base64");
    const folder = mkdtempSync(join(tmpdir(), "private-registry-people-docker-"));
    writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: { [address]: { auth } } }));
    await output(["docker", "--config", folder, "push", "--quiet", image]);
    rmSync(folder, { recursive: true });
    await docker("rmi", image);
    // After each refusal Docker tries plain HTTP, as it is this machine, and shows that answer.
    assert.match((await docker("pull", image)).stderr, /plain HTTP on the HTTPS port/);
    add("Pull without a login");
    await step("Pull without a login");
    const pulled = await docker("pull", image);
    assert.equal(pulled.status, 0, pulled.stderr);
    await docker("rmi", image);
    assert.equal(await pulls("deploy", "public/app:1"), true);
    assert.notEqual((await docker("pull", `${address}/team/app:1`)).status, 0);
  });

  it("ends a login, and tells of it before", async () => {
    add("A login that ends");
    const users = settings.users ?? [];
    const [contractor] = users.filter(({ expires }) => expires !== undefined);
    assert.ok(contractor?.expires);
    const ends = (expires: string) =>
      configure({ ...settings, users: users.map((user) => (user.expires ? { ...user, expires } : user)) });
    ends(day(10));
    const printed = await step("A login that ends");
    assert.match(printed, new RegExp(`the login of contractor expires after ${day(10)}`));
    assert.match(printed, new RegExp(`contractor: ${day(10)}`));
    await learn();
    assert.equal(await pulls("contractor", "team/app:1"), true);
    assert.ok(text.replace(/\s+/g, " ").includes(`the login of contractor expired on ${contractor.expires}`));
    // The next step brings it into use.
    ends(day(-1));
  });

  it("keeps tags as they are", async () => {
    add("Tags that stay");
    await step("Tags that stay");
    const { stderr } = await as("contractor").pull("team/app:1");
    assert.match(stderr, new RegExp(`the login of contractor expired on ${day(-1)}`));
    await as("alice").push("team/app:v1.0", [1000]);
    await denied(as("alice").push("team/app:v1.0", [2000]), "the tag v1.0 of team/app is immutable");
    await denied(as("admin").delete("team/app:v1.0"), "the tag v1.0 of team/app is immutable");
  });

  it("gives the roles of Harbor as rules, and refuses whoever is no user any more", async () => {
    assert.equal(await pulls("deploy", "team/app:1"), true);
    const example: Settings = parse(examples.get("From Harbor") ?? "");
    examples.delete("From Harbor");
    configure({ users: [], access: [], immutableTags: settings.immutableTags, ...example });
    await page.npm("run", "-s", "up");
    await learn();
    assert.equal(await pulls("deploy", "team/app:1"), false);
    await as("maria").push("team/tool:1", [1000]);
    await as("david").push("team/tool:2", [1000]);
    await denied(as("david").delete("team/tool:2"), "david may not delete from team/tool");
    await as("maria").delete("team/tool:2");
    assert.equal(await pulls("robot-team-deploy", "team/tool:1"), true);
    await denied(
      as("robot-team-deploy").push("team/tool:3", [1000]),
      "robot-team-deploy may not push to team/tool",
    );
  });

  it("has no example and no command that was not tried", () => {
    assert.deepEqual([...examples.keys(), ...page.blocks.keys()], []);
  });
});
