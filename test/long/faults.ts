import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { faults } from "../support/faults/faults";
import { closeHost, openHost } from "../support/faults/host";
import { type FaultRecord, takeFault } from "../support/faults/takeFault";
import { longOptions, runLong, say, sayIfOver } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { progressFolder } from "../support/walk/walk";

const file = join(progressFolder, "faults.json");

/** Every fault of docs/faults.md, each with the same clients before, during and after it. */
runLong(async (args) => {
  mkdirSync(progressFolder, { recursive: true });
  const { steps, until, resume, goOn } = longOptions(args, { seed: "1", steps: faults.length });
  const records: FaultRecord[] = resume ? readRecords() : [];
  let host = await openHost("faults-long", say);
  const { commit } = host.world.clone;
  try {
    while (records.length < Math.min(steps, faults.length) && Date.now() < until) {
      const fault = faults[records.length];
      if (fault === undefined) break;
      const record = await takeFault(host, fault);
      records.push(record);
      say(lineOf(record));
      writeFileSync(file, JSON.stringify(records, undefined, 2));
      if (record.problem === undefined) continue;
      say(host.world.log);
      if (!goOn) break;
      await closeHost(host);
      host = await openHost("faults-long", say);
    }
  } finally {
    await closeHost(host);
  }
  sayIfOver(records.length, faults.length, until, "npm run test:long -- faults --resume");
  const broken = records.filter(({ problem }) => problem !== undefined);
  const asked = records.reduce((sum, record) => sum + record.asked, 0);
  const slowest = Math.max(0, ...records.map(({ seconds }) => seconds));
  const found =
    broken.length === 0 ? "each as its row says" : `not so: ${broken.map(({ name }) => name).join("; ")}`;
  noteProof(
    "faults",
    commit,
    `${records.length} faults, ${asked} requests, ${found}; right again after ${slowest.toFixed(1)} s at most`,
  );
  return broken.length === 0 ? 0 : 1;
});

function lineOf({ name, seconds, asked, failed, problem }: FaultRecord): string {
  const end = problem === undefined ? "" : `  NOT SO: ${problem}`;
  return `${name}: right again after ${seconds.toFixed(1)} s; ${failed} of ${asked} requests failed${end}`;
}

/** What an earlier run has noted, up to its first problem. */
function readRecords(): FaultRecord[] {
  const records: FaultRecord[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const first = records.findIndex(({ problem }) => problem !== undefined);
  return first === -1 ? records : records.slice(0, first);
}
