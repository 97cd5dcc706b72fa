import type { ResolvedResources } from "../docker/defaults";

/**
 * Environment of a registry. Go collects garbage whenever the heap has doubled: with a heap of some MB that is all the
 * time, and a sixth of what a request costs. Five times the heap are still some 40 MB; where memory has a limit, Go
 * is told of it.
 */
export function goRuntime({ memoryMib }: ResolvedResources): string[] {
  return ["GOGC=400", ...(memoryMib === undefined ? [] : [`GOMEMLIMIT=${Math.floor(0.9 * memoryMib)}MiB`])];
}
