import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CertificateSource,
  Front,
  PrivateRegistry,
  type PrivateRegistryArgs,
  RegistryCluster,
} from "../../../components";
import { roles } from "../../../components/docker/roles";
import { labelsOf } from "../../support/containers";
import { type Declared, declare } from "../../support/mocks";

/** A registry with everything that is ever created on a Docker host. */
const args: PrivateRegistryArgs = {
  hostnames: ["registry.example.com"],
  front: Front.Waf,
  certificateSource: CertificateSource.Acme,
  acme: { email: "admin@example.com" },
  backup: {
    s3: { endpoint: "https://s3.example.com", bucket: "registry", accessKey: "key", secretKey: "secret" },
  },
  outgoing: { proxy: "http://proxy.example.com:3128" },
};

/** The kind of what was declared, by what Docker is told of it. */
function kindOf({ type, inputs }: Declared): keyof typeof roles | undefined {
  if (type === "docker:Volume") return "volume";
  if (type === "docker:Network") return "network";
  if (type === "docker:Service") return "service";
  if (type !== "docker:Container") return undefined;
  if (inputs.restart === "always") return "server";
  return inputs.attach ? "job" : "loader";
}

test("whatever is created on a Docker host has a role, and is what the table of roles says of it", async () => {
  const s3 = { endpoint: "https://s3.example.com", bucket: "registry" };
  const hostnames = ["registry.example.com"];
  const programs = [
    () => new PrivateRegistry("main", args),
    () => new PrivateRegistry("main", { hostnames, storage: { s3 }, blobCache: {} }),
    () => new RegistryCluster("main", { hostnames, nodes: 3, storage: { s3 } }),
  ];
  const found = new Map<string, Set<string>>();
  for (const program of programs)
    for (const resource of (await declare<unknown>(program)).resources) {
      const kind = kindOf(resource);
      if (kind === undefined) continue;
      const roles = found.get(kind) ?? new Set();
      found.set(kind, roles.add(labelsOf(resource)["private-registry.role"] ?? ""));
    }
  const sorted = Object.fromEntries([...found].map(([kind, names]) => [kind, [...names].sort()]));
  assert.deepEqual(sorted, {
    server: Object.keys(roles.server).sort(),
    job: Object.keys(roles.job).sort(),
    loader: Object.keys(roles.loader).sort(),
    volume: [...roles.volume].sort(),
    network: [...roles.network].sort(),
    service: [...roles.service].sort(),
  });
});

test("no two servers start in the same place, and each helper belongs to a part that has a server", () => {
  const servers = Object.values(roles.server);
  assert.deepEqual(
    servers.map(({ order }) => order).sort(),
    servers.map((_, index) => index + 1),
  );
  const parts = new Set(servers.map(({ part }) => part));
  for (const [role, { part }] of Object.entries({ ...roles.job, ...roles.loader })) {
    assert.ok(parts.has(part), role);
    assert.ok(role.startsWith(`${part}-`), role);
  }
});
