// What it costs to be watched: everything on against everything off.
import { createHash } from "node:crypto";
import { median, percentile } from "../../bench/statistics";
import { addUpScript } from "../../components/proxy/proxyScripts";
import { LogFormat } from "../../components/registry/args";
import { output } from "../../tools/shell";
import { type Cost, costsOf } from "./accessCost";
import { passwordOf, type Stand } from "./accessStand";

const users = [{ name: "alice" }];
const everything = { users, log: { format: LogFormat.Json, auditDays: 90 }, metrics: {} };
const user = `alice:${passwordOf("alice")}`;
const layer = "x".repeat(1_000_000);
const digest = `sha256:${createHash("sha256").update(layer).digest("hex")}`;

/** Of a request with a login, and of a pull of a layer, by TLS and with what the registry does for them. */
export async function costsOfWatching(port: number, pairs: number): Promise<Cost[][]> {
  return costsOf(
    port,
    [{ users }, everything],
    { pairs, turns: 40, whole: true, beside: healthCheck },
    async (stand) => {
      await push(stand);
      await output(["docker", "exec", stand.proxy, "mkdir", "-p", "/tmp/control/audit"]);
      return [
        { user: "alice", path: "/v2/", status: 200 },
        { user: "alice", path: `/v2/team/app/blobs/${digest}`, status: 200, each: 5 },
      ];
    },
  );
}

/** Adds up what was counted, once in some seconds. */
function healthCheck({ proxy }: Stand, isWatched: boolean): Promise<string> {
  return output(["docker", "exec", proxy, "sh", "-c", isWatched ? addUpScript() : "true"]);
}

async function push(stand: Stand): Promise<void> {
  const begun = await stand.ask("/v2/team/app/blobs/uploads/", { user, method: "POST" });
  const path = `${begun.headers.location}&digest=${digest}`;
  const { status } = await stand.ask(path, { user, method: "PUT", body: layer });
  if (status !== 201) throw new Error(`the layer was not taken: ${status}`);
}

/** The median of the ratios, and the upper end of its 95 % interval by resampling. */
export function ratioOf(costs: readonly Cost[]): { readonly ratio: number; readonly upper: number } {
  const ratios = costs.map((cost) => cost.with / cost.without);
  const medians = Array.from({ length: 2000 }, (_, seed) =>
    median(ratios.map((_, index) => ratios[pick(seed, index, ratios.length)] ?? 0)),
  );
  return { ratio: median(ratios), upper: percentile(medians, 0.975) };
}

/** The same number for the same seed, any of them as often as any other. */
function pick(seed: number, index: number, count: number): number {
  return createHash("sha256").update(`${seed} ${index}`).digest().readUInt32BE() % count;
}
