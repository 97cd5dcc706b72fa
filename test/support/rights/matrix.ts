import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  buildkit,
  containerd2,
  cosign,
  crane as craneProgram,
  dockerd,
  dockerd29,
  helm,
  oras,
  regctl,
} from "../goPrograms";
import { progressFolder } from "../walk/walk";
import { casesOf } from "./cases";
import { compiledPrograms } from "./compiledPrograms";
import { complaint, fill, listComplaint, loginComplaint } from "./judge";
import { crane, debianPrograms, type RightsProgram } from "./programs";
import { type RightsFront, type RightsRegistry, rightsFronts, rightsRegistry } from "./registry";

/** All programs that there are. */
export const programs: { readonly [name: string]: RightsProgram } = {
  ...debianPrograms,
  crane,
  ...compiledPrograms,
};

/** A program at a front. */
export interface Pair {
  readonly front: RightsFront;
  readonly program: string;
}

/** How a program fared at a front. */
export interface PairRecord extends Pair {
  readonly cases: number;
  readonly complaints: readonly string[];
}

export interface MatrixOptions {
  readonly pairs: readonly Pair[];
  readonly port: number;
  /** Goes on where an earlier run ended. */
  readonly resume?: boolean;
  /** Time of the clock, in milliseconds, after which no program begins. */
  readonly until: number;
  readonly say: (line: string) => void;
}

/** All programs at one front after another. */
export function matrixOf(): Pair[] {
  return rightsFronts.flatMap((front) => Object.keys(programs).map((program) => ({ front, program })));
}

/** Tries the pairs in their order, and keeps what it has seen in a file. */
export async function rightsMatrix(options: MatrixOptions): Promise<readonly PairRecord[]> {
  const { pairs, port, until, say } = options;
  mkdirSync(progressFolder, { recursive: true });
  const file = join(progressFolder, "clients.json");
  let records: readonly PairRecord[] =
    options.resume && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const registry = await rightsRegistry("rights-matrix", port);
  try {
    await copyPrograms(registry);
    let front: RightsFront | undefined;
    for (const pair of pairs.slice(records.length)) {
      if (Date.now() > until) break;
      if (pair.front !== front) await registry.use(pair.front);
      front = pair.front;
      const record = await tryPair(registry, pair);
      say(`${pair.program} at ${pair.front}: ${record.cases} cases, ${record.complaints.length} complaints`);
      records = [...records, record];
      writeFileSync(file, JSON.stringify(records, undefined, 2));
    }
    return records;
  } finally {
    await registry.remove();
  }
}

async function copyPrograms({ machine }: RightsRegistry): Promise<void> {
  for (const program of await dockerd29()) {
    const there = await machine.copyIn(program);
    await machine.exec(["mv", there, `${there}29`]);
  }
  const sources = [craneProgram, regctl, oras, helm, cosign, buildkit, containerd2, dockerd];
  for (const source of sources) for (const program of await source()) await machine.copyIn(program);
  await machine.exec(["sh", "-c", "cd /tmp && COSIGN_PASSWORD= ./cosign generate-key-pair"]);
}

async function tryPair(registry: RightsRegistry, pair: Pair): Promise<PairRecord> {
  const program = programs[pair.program];
  if (program === undefined) throw new Error(`there is no program ${pair.program}`);
  // The images of one front stay for the next, and their releases are immutable.
  const name = `${pair.program}-${rightsFronts.indexOf(pair.front)}`;
  const where = `${pair.program} at ${pair.front}`;
  await fill(registry, name, program);
  const found: string[] = [];
  const note = (title: string, text: string) => {
    if (text !== "") found.push(`${where}: ${title}: ${text}`);
  };
  const cases = casesOf(name, program);
  for (const one of cases) note(one.title, await complaint(registry, program, one));
  note("logs in", await loginComplaint(registry, program));
  note("lists", await listComplaint(registry, name, program));
  const more = [program.login, program.list].filter((command) => command !== undefined).length;
  return { ...pair, cases: cases.length + more, complaints: found };
}

/** What was seen, in a line. */
export function summaryOf(records: readonly PairRecord[]): string {
  const count = (of: (record: PairRecord) => string) => new Set(records.map(of)).size;
  const cases = records.reduce((sum, record) => sum + record.cases, 0);
  const wrong = records.reduce((sum, { complaints }) => sum + complaints.length, 0);
  return `${cases} cases of ${count(({ program }) => program)} programs at ${count(({ front }) => front)} fronts: ${
    wrong === 0 ? "each ends as the rules say" : `${wrong} end otherwise`
  }`;
}
