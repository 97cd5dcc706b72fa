import { quoted, wholeNumberProblems } from "../base/values";
import { CertificateSource } from "../certificates/args";
import { blobCacheProblems } from "../proxy/blobCacheProblems";
import { DescriptorCache } from "../registry/args";
import type { RegistryClusterArgs } from "./args";

/** Arguments of a PrivateRegistry that a cluster does not have: why not, and what to do instead. */
const ofOneHost: { readonly [argument: string]: string } = {
  acme: "several proxies cannot answer for one certificate; give ownCertificate, and renew it outside",
  backup: "the bucket is kept by its store; use its versions or replication",
  bindAddress:
    "Swarm publishes on every address of a node; use limits.allowedAddresses, or a firewall of the node",
  diskGuard: "a bucket is not full; watch its bill",
  external:
    "a load balancer passes TLS on, and Docker's own hides who asks; let it pass TCP on, or let clients know all nodes",
  front: "it is always nginx; for the firewall give waf",
  keepDataOnDestroy: "a bucket always stays; empty it yourself",
  keeper: "it needs the disk that the images are on; collect garbage by the command of docs/object-store.md",
  keeperImage: "there is no keeper; leave it out",
  keeperResources: "there is no keeper; leave it out",
  networkSubnets: "the tasks are on Docker's own bridge of each node; set bip of its daemon",
  proxyServesBlobs: "the images are on no disk of a node; see blobCache",
  quotas: "the keeper measures them, and there is none; set a quota of the bucket",
  retention: "the keeper removes tags, and there is none; delete them by a program such as regctl",
};

/** Problems of what makes a cluster more than a registry on each host. */
export function clusterProblems(args: RegistryClusterArgs): string[] {
  const { nodes, storage, registry } = args;
  return [
    ...Object.keys(args).flatMap((argument) => {
      const reason = Object.hasOwn(ofOneHost, argument) ? ofOneHost[argument] : undefined;
      return reason === undefined ? [] : [`${argument}: a cluster has none: ${reason}`];
    }),
    ...(nodes === undefined
      ? ["nodes: is missing; write how many nodes of the swarm shall serve, such as 3"]
      : wholeNumberProblems("nodes", nodes, 1, 100)),
    ...(args.certificateSource === CertificateSource.Acme
      ? [`certificateSource: "acme" is for one host: ${ofOneHost.acme}`]
      : []),
    ...(storage?.s3 === undefined
      ? ["storage.s3: is missing; the nodes have no disk in common, so name a bucket"]
      : []),
    ...(registry?.cache !== undefined && registry.cache !== DescriptorCache.None
      ? [
          `registry.cache: ${quoted(registry.cache)} would list what another registry has deleted; leave it out`,
        ]
      : []),
    ...(["registryResources", "proxyResources"] as const).flatMap((name) =>
      args[name]?.openFiles === undefined
        ? []
        : [`${name}.openFiles: Swarm cannot set it; set default-ulimits of each node's daemon`],
    ),
    ...blobCacheProblems(args.blobCache, args),
  ];
}
