import { request } from "node:https";
import { AccessAction, type RegistryClusterArgs } from "../../../components";
import { wafImage } from "../../../tools/temporaryStack";
import type { Target } from "../probers";
import { loadImages, password, user } from "./clusterStand";
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

/** A certificate of a client, and its key. */
interface Presented {
  readonly cert?: string;
  readonly key?: string;
}

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
    await Promise.all(stand.machines.map((machine) => loadImages(machine, [wafImage])));
    stand.args = { ...before, ...guarded };
    try {
      await stand.up();
      const { clientFiles } = await stand.stack.stack.outputs();
      const presented = presentedBy(clientFiles?.value ?? {});
      const wrong: string[] = [];
      for (const target of stand.targets()) {
        for (const [who, method, path, status] of questions) {
          const answer = await ask(target, { who, method, path }, presented);
          if (answer !== status) wrong.push(`${target.host}: ${who} ${method} ${path}: ${answer}`);
        }
        const stranger = await ask(target, { who: user, method: "GET", path: "/v2/" }, {});
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
function ask(
  { host, port, ca }: Target,
  { who, method, path }: { readonly who: string; readonly method: string; readonly path: string },
  presented: Presented,
): Promise<number | "no answer"> {
  return new Promise((resolve) => {
    const outgoing = request({ host, port, ca, method, path, auth: who, agent: false, ...presented });
    outgoing.on("error", () => resolve("no answer"));
    outgoing.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.end();
  });
}
