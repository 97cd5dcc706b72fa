import { setTimeout as sleep } from "node:timers/promises";
import { servesEverything } from "../walk/invariants";
import { pull, push } from "../walk/registry";
import { clientsOf, type Seen } from "./clients";
import type { Fault, Host } from "./fault";

/** What is kept of a fault. */
export interface FaultRecord {
  readonly name: string;
  /** Seconds until everything was right again, from the fault or from the end of the remedy. */
  readonly seconds: number;
  readonly asked: number;
  readonly failed: number;
  /** What was not as its row says. */
  readonly problem?: string;
}

/** Time in which clients see what the fault does, before anybody mends it. */
const sufferMilliseconds = 3000;

let tags = 0;
const nextTag = () => `${Date.now().toString(36)}-${tags++}`;

/** Has the same clients ask before, during and after a fault. */
export async function takeFault(host: Host, fault: Fault): Promise<FaultRecord> {
  const { world } = host;
  let record: FaultRecord = { name: fault.name, seconds: 0, asked: 0, failed: 0 };
  world.log = "";
  try {
    await servesEverything(world, []);
    const clients = clientsOf(world, nextTag);
    const seconds = await strikeAndMend(host, fault).finally(async () => {
      const seen = await clients.stop();
      record = { ...record, asked: seen.asked, failed: seen.failures.length };
      record = { ...record, ...problemOf(seen, fault) };
    });
    record = { ...record, seconds };
    if (record.problem !== undefined) return record;
    await servesEverything(world, []);
    const problem = await fault.check?.(host);
    if (problem !== undefined) return { ...record, problem };
    const { status } = await world.npm("pulumi", "preview", "--expect-no-changes");
    return status === 0 ? record : { ...record, problem: "the next preview is not empty" };
  } catch (error) {
    return { ...record, problem: `${record.problem ?? ""} ${error}`.trim() };
  }
}

/** The seconds until everything was right again. */
async function strikeAndMend(host: Host, fault: Fault): Promise<number> {
  await sleep(500);
  let began = Date.now();
  await fault.strike(host);
  if (fault.mend) {
    await sleep(sufferMilliseconds);
    await fault.mend(host);
    began = Date.now();
  }
  await isRight(host.world, began, fault.within);
  const seconds = (Date.now() - began) / 1000;
  await sleep(500);
  return seconds;
}

function problemOf({ wrong, failures }: Seen, fault: Fault): { readonly problem?: string } {
  const problem = wrong[0] ?? failures.find((each) => !fault.failures?.test(each));
  return problem === undefined ? {} : { problem: `a client saw: ${problem}` };
}

/** Until a login, a pull and a push are good, one after the other. */
async function isRight(world: Host["world"], began: number, within: number): Promise<void> {
  for (;;) {
    try {
      const [reference = "", digest = ""] = Object.entries(world.lastGoodImages)[0] ?? [];
      const [repository = "", tag = ""] = reference.split(":");
      await pull(world.reach, repository, tag, digest);
      await push(world.reach, "faults/after", "1");
      return;
    } catch (error) {
      if (Date.now() - began > within * 1000) throw new Error(`still not right after ${within} s: ${error}`);
      await sleep(100);
    }
  }
}
