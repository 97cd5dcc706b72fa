import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { AccessAction, PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { declare, valueIn } from "../../support/mocks";

const users = [
  { name: "ci" },
  { name: "deploy" },
  { name: "alice", groups: ["admins"] },
  { name: "prometheus" },
];
const access = [
  { repositories: ["**"], users: ["ci"], actions: [AccessAction.Push] },
  { repositories: ["**"], users: ["deploy", "prometheus"], actions: [AccessAction.Pull] },
  { repositories: ["team/**"], users: ["deploy"], actions: [AccessAction.Delete] },
  { repositories: ["team/**", "**"], groups: ["admins"], actions: [AccessAction.Delete] },
];

/** The user of the job in scrape.yml. */
async function scrapeUser(args: Partial<PrivateRegistryArgs>): Promise<string | undefined> {
  const { result } = await declare(
    () =>
      new PrivateRegistry("main", {
        hostnames: ["registry.example.com"],
        users,
        clientUser: "deploy",
        ...args,
      }),
  );
  const { "scrape.yml": text } = await valueIn(result.watchFiles);
  return parse(text ?? "").scrape_configs[0].basic_auth?.username;
}

test("Prometheus logs in as a user who may read metrics, as the clients' own where that is one", async () => {
  assert.equal(await scrapeUser({ metrics: {}, users: users.slice(0, 2) }), "deploy");
  assert.equal(await scrapeUser({ metrics: {}, access }), "alice");
  const own = { repositories: ["**"], users: ["deploy"], actions: [AccessAction.Delete] };
  assert.equal(await scrapeUser({ metrics: {}, access: [...access, own] }), "deploy");
  assert.equal(await scrapeUser({ metrics: { users: ["prometheus", "alice"] }, access }), "prometheus");
});

test("Prometheus has no login where its address is let in without", async () => {
  assert.equal(await scrapeUser({ metrics: { allowedAddresses: ["192.0.2.9"] }, access }), undefined);
});
