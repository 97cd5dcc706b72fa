import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { output, until } from "../../../tools/shell";
import { skopeo } from "../skopeo";
import { abandonUpload, partsIn } from "../storeParts";
import { user } from "./clusterStand";
import { type ClusterStep, clientsOf, firstOf } from "./clusterStep";
import { costsOfCluster } from "./costs";
import { meanwhile, told } from "./faultSteps";
import { download, timeToFirstByte, uploadInParts } from "./uploads";

const megabyte = 1_000_000;
const slice = 8 * 1024 * 1024;

/** One upload in parts over all nodes, for parts of several sizes. */
const uploads: ClusterStep = {
  name: "uploads in parts",
  async take({ stand }) {
    const times: string[] = [];
    for (const size of [1, 5, 10, 100]) {
      const blob = randomBytes(100 * megabyte);
      const began = Date.now();
      const digest = await uploadInParts(clientsOf(stand), "team/parts", blob, size * megabyte, user);
      times.push(`${size} MB ${((Date.now() - began) / 1000).toFixed(1)} s`);
      if (!(await download(firstOf(stand), "team/parts", digest)).bytes.equals(blob))
        return { found: "", problem: `an upload in parts of ${size} MB has other bytes` };
    }
    return { found: `100 MB over all nodes in parts of ${times.join(", ")}` };
  },
};

const pairs = 6;
const dearest = 1.2;

/** Processor time of a node against one host on its disk. */
const costs: ClusterStep = {
  name: "what a node costs",
  async take(world) {
    const { transfers, rest } = await costsOfCluster(world, pairs);
    const lines = transfers.map(
      ({ step, host, node, ratio }) =>
        `a ${step} ${ratio.toFixed(2)} times (${host.toFixed(0)} to ${node.toFixed(0)} ms of a processor for a GB)`,
    );
    const [host, node] = rest.map((each) => each.toFixed(0));
    const found = `against one host with its disk, ${pairs} pairs: ${lines.join(", ")}, beside ${host} and ${node} ms a second at rest`;
    const cached = transfers.find(({ step }) => step === "cached pull");
    if (cached !== undefined && cached.ratio <= dearest) return { found };
    return { found, problem: `a cached pull costs more than ${dearest} times` };
  },
};

/** The store is away for a minute, and serves again. */
const storeAway: ClusterStep = {
  name: "the store away for a minute",
  async take(world) {
    const { stand } = world;
    const target = firstOf(stand);
    const [client] = clientsOf(stand);
    const images = skopeo(target.host, target.ca, user);
    try {
      await images.push("team/app:1", [megabyte]);
      const tasks = String(await stand.tasks("registry-a"));
      const statuses: (number | undefined)[] = [];
      let again = 0;
      const { docker } = await meanwhile(world, async () => {
        await stand.store.stop();
        const stopped = Date.now();
        for (let second = 1; second <= 60; second++) {
          statuses.push((await client?.ask("/v2/team/app/manifests/1", { user }))?.status);
          await sleep(stopped + second * 1000 - Date.now());
        }
        await stand.store.start();
        const began = Date.now();
        await until("it serves again", async () => (await images.pull("team/app:1")).status === 0);
        again = (Date.now() - began) / 1000;
      });
      const refused = statuses.filter((status) => status === 503).length;
      const found = `${this.name}: ${refused} of 60 requests for a manifest refused with 503, ${told(docker)}; no task replaced, serves ${again.toFixed(1)} s after`;
      const others = statuses.filter((status) => status !== 503);
      if (others.length > 0) return { found, problem: `answers ${others.join(" ")}` };
      if (String(await stand.tasks("registry-a")) !== tasks) return { found, problem: "tasks were replaced" };
      return { found };
    } finally {
      images.remove();
    }
  },
};

const largeBytes = 500 * megabyte;
const latestMs = 10_000;

/** Fifty clients ask at once for what no node has and the store hands out at 10 MB/s. */
const slowStore: ClusterStep = {
  name: "fifty clients at a slow store",
  async take({ stand }) {
    const target = firstOf(stand);
    const blob = randomBytes(largeBytes);
    const folder = mkdtempSync(join(tmpdir(), "private-registry-slow-"));
    const [file, caFile] = [join(folder, "blob"), join(folder, "ca.pem")];
    writeFileSync(file, blob);
    writeFileSync(caFile, target.ca);
    const digest = await uploadInParts(clientsOf(stand), "team/slow", blob, largeBytes, user);
    const began = Date.now();
    const known = { repository: "team/slow", digest, file };
    const first = await stand
      .slowly("80mbit", async () => {
        const all = Array.from({ length: 50 }, () => timeToFirstByte(target, known, caFile));
        return Math.max(...(await Promise.all(all)));
      })
      .finally(() => rmSync(folder, { recursive: true }));
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    // The store writes its log some seconds later.
    await sleep(6000);
    const fetches = stand.store.fetches(digest, target.host);
    const slices = Math.ceil(largeBytes / slice);
    const found = `50 clients at once for 500 MB at 10 MB/s: ${fetches} fetches of ${slices} slices, first byte after ${first} ms at most, all after ${seconds} s`;
    if (fetches !== slices) return { found, problem: "slices were fetched more than once" };
    return first > latestMs ? { found, problem: "a client waited for its first byte" } : { found };
  },
};

/** What a push leaves that nobody ends, and the page's command that takes it away. */
const abandoned: ClusterStep = {
  name: "an abandoned upload",
  async take({ stand }) {
    const [client] = clientsOf(stand);
    const { store } = stand;
    const bucket = join(store.folder, store.bucket);
    const before = partsIn(bucket);
    if (client !== undefined) await abandonUpload(client, user, "team/gone", 12 * megabyte);
    const left = partsIn(bucket) - before;
    const [command = ""] = /^rclone backend cleanup .*$/m.exec(readFileSync("docs/cluster.md", "utf8")) ?? [];
    const now = command.replace("registry-images", store.bucket).replace(/max-age=\w+/, "max-age=0s");
    await output(["sh", "-c", now], { env: rcloneEnvironment(store) });
    const found = `an upload of 12 MB that nobody ended leaves ${left} files that no listing shows, and none after the page's command`;
    if (left === 0) return { found, problem: "it left nothing" };
    return partsIn(bucket) === 0 ? { found } : { found, problem: `${partsIn(bucket)} files stay` };
  },
};

/** The remote `store` of the page. */
function rcloneEnvironment({
  endpoint,
  accessKey,
  secretKey,
}: {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
}) {
  return {
    // rclone does not know its format.
    AWS_CA_BUNDLE: undefined,
    RCLONE_CONFIG_STORE_TYPE: "s3",
    RCLONE_CONFIG_STORE_PROVIDER: "Other",
    RCLONE_CONFIG_STORE_ENDPOINT: endpoint,
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: accessKey,
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: secretKey,
  };
}

export const storeSteps: readonly ClusterStep[] = [uploads, costs, storeAway, slowStore, abandoned];
