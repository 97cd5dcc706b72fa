import { AccessAction, type RegistryClusterArgs } from "../../../components";
import { wafImage } from "../../../tools/temporaryStack";
import { type Presented, RegistryClient } from "../client";
import type { Target } from "../probers";
import { password, user } from "./clusterStand";
import { type ClusterStep, eachServes } from "./clusterStep";

const reader = "bob:a-password-of-bob";

/** All that decides who may do what, at once. */
const guarded: Partial<RegistryClusterArgs> = {
  waf: {},
  proxyImage: wafImage,
  metrics: {},
  requireClientCertificates: true,
  users: [
    { name: "alice", password },
    { name: "bob", password: reader.slice("bob:".length) },
  ],
  access: [
    { repositories: ["**"], users: ["alice"], actions: [AccessAction.Push, AccessAction.Delete] },
    { repositories: ["team/*"], users: ["bob"], actions: [AccessAction.Pull] },
  ],
};

/** What is asked of each node, and the status of the answer. */
const questions: readonly (readonly [who: string, method: string, path: string, status: number])[] = [
  [user, "GET", "/v2/team/docker/tags/list", 200],
  [user, "POST", "/v2/team/docker/blobs/uploads/", 202],
  [user, "GET", "/v2/_catalog?last=1%27%20OR%20%271%27=%271", 403],
  [user, "GET", "/metrics", 200],
  [reader, "GET", "/v2/team/docker/tags/list", 200],
  [reader, "POST", "/v2/team/docker/blobs/uploads/", 403],
  [reader, "GET", "/metrics", 403],
  ["bob:wrong", "GET", "/v2/", 401],
];

/** Firewall, rules of access, figures and certificates of clients, at each node. */
export const options: ClusterStep = {
  name: "firewall, access, metrics and client certificates",
  async take({ stand }) {
    const before = stand.args;
    stand.args = { ...before, ...guarded };
    try {
      await stand.up();
      const { clientFiles } = await stand.stack.stack.outputs();
      const presented = presentedBy(clientFiles?.value ?? {});
      const wrong: string[] = [];
      for (const target of stand.targets()) {
        for (const [who, method, path, status] of questions) {
          const answer = await statusOf(target, presented, { who, method, path });
          if (answer !== status) wrong.push(`${target.host}: ${who} ${method} ${path}: ${answer}`);
        }
        const stranger = await statusOf(target, {}, { who: user, method: "GET", path: "/v2/" });
        if (stranger !== "no answer") wrong.push(`${target.host}: without a certificate: ${stranger}`);
      }
      const found = `${this.name} in one up: ${questions.length + 1} requests at each node as they must`;
      return wrong.length === 0 ? { found } : { found, problem: wrong.join("; ") };
    } finally {
      stand.args = before;
      await stand.up();
      await eachServes(stand);
    }
  },
};

function presentedBy(files: { readonly [path: string]: string }): Presented {
  const of = (name: string) => Object.entries(files).find(([path]) => path.endsWith(`/${name}`))?.[1];
  return { cert: of("client.cert"), key: of("client.key") };
}

/** The status, or that the connection ended before one. */
async function statusOf(
  { host, port, ca }: Target,
  presented: Presented,
  { who, method, path }: { readonly who: string; readonly method: string; readonly path: string },
): Promise<number | "no answer"> {
  const client = new RegistryClient(port, ca, host, presented);
  const answer = await client.ask(path, { user: who, method }).catch(() => undefined);
  return answer?.status ?? "no answer";
}
