import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegistryClusterArgs } from "../../../components";
import { CertificateSource, DescriptorCache } from "../../../components";
import { clusterProblems } from "../../../components/cluster/problems";

const good: RegistryClusterArgs = {
  hostnames: ["registry.example.com"],
  nodes: 3,
  storage: { s3: { endpoint: "https://s3.example.com", bucket: "registry" } },
};

const cases: readonly (readonly [what: string, args: object, problem: RegExp])[] = [
  ["no number of nodes", { nodes: undefined }, /^nodes: is missing; write how many/],
  ["half a node", { nodes: 2.5 }, /^nodes: 2.5 is out of range; write a whole number from 1 to 100$/],
  ["no bucket", { storage: { volumeName: "data" } }, /^storage.s3: is missing; the nodes have no disk/],
  [
    "ACME",
    { certificateSource: CertificateSource.Acme },
    /^certificateSource: "acme" is for one host: .*ownCertificate/,
  ],
  ["a keeper", { keeper: { enabled: true } }, /^keeper: a cluster has none: it needs the disk/],
  ["backups", { backup: {} }, /^backup: a cluster has none: the bucket is kept by its store/],
  ["quotas", { quotas: [] }, /^quotas: a cluster has none: /],
  [
    "a front",
    { front: "direct" },
    /^front: a cluster has none: it is always nginx; for the firewall give waf$/,
  ],
  [
    "a cache that others do not see",
    { registry: { cache: DescriptorCache.InMemory } },
    /^registry.cache: "inmemory" would list/,
  ],
  [
    "a limit that Swarm lacks",
    { proxyResources: { openFiles: 5 } },
    /^proxyResources.openFiles: Swarm cannot set it/,
  ],
  ["too little cache", { blobCache: { sizeGib: -1 } }, /^blobCache.sizeGib: -1 is out of range/],
  [
    "a cache and headers",
    { blobCache: {}, registry: { headers: { "X-Own": ["1"] } } },
    /^blobCache: what registry.headers says would be kept with the blobs; take that out, or set sizeGib to 0$/,
  ],
];

test("a cluster with a bucket is fine", () => {
  assert.deepEqual(clusterProblems(good), []);
});

for (const [what, args, problem] of cases)
  test(`a cluster refuses ${what}`, () => {
    const problems = clusterProblems({ ...good, ...args });
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", problem);
  });
