import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { until } from "../../tools/shell";
import { type Count, connectionProber, keepAliveProber, type Prober, pullLoop, type Target } from "./probers";
import type { Skopeo } from "./skopeo";

/** Who asks while something changes. */
export interface Load {
  readonly puller: Skopeo;
  /** What it pulls again and again. */
  readonly image: string;
  readonly target: Target;
  /** Requests to be made at least; it goes on after the change until they are. Defaults to one of each kind. */
  readonly atLeast?: number;
}

/** Probers of each kind at a time: one alone waits for its answer most of the time. */
const several = { "new connections": 3, "kept connections": 4 };

/**
 * Does something under the three kinds of load, tells their figures, and fails if any of them saw a failure.
 * The number of requests made.
 */
export async function underLoad(test: TestContext, load: Load, change: () => Promise<void>): Promise<number> {
  const { puller, image, target, atLeast = 0 } = load;
  const probers: { readonly [kind: string]: readonly Prober[] } = {
    "client pulls": [pullLoop(puller, image)],
    "new connections": times(several["new connections"], () => connectionProber(target)),
    "kept connections": times(several["kept connections"], () => keepAliveProber(target)),
  };
  const made = () =>
    Object.values(probers)
      .flat()
      .reduce((sum, prober) => sum + prober.made(), 0);
  let failed: unknown;
  await change().catch((error) => {
    failed = error;
  });
  await until(`${atLeast} requests are made`, async () => made() >= atLeast, 120).catch((error) => {
    failed ??= error;
  });
  for (const [kind, ofKind] of Object.entries(probers)) {
    const counts = await Promise.all(ofKind.map((prober) => prober.stop()));
    const { requests, failures } = sum(counts);
    test.diagnostic(`${kind}: ${requests} made, ${failures.length} failed`);
    assert.deepEqual(failures, [], kind);
    assert.ok(requests > 0, `${kind}: none was made`);
  }
  if (failed) throw failed;
  return made();
}

function times(count: number, start: () => Prober): Prober[] {
  return Array.from({ length: count }, start);
}

function sum(counts: readonly Count[]): Count {
  return {
    requests: counts.reduce((total, { requests }) => total + requests, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}
