/** What happened, counted. */
export interface Tally {
  /** Operations by client and kind, such as "docker pull". */
  readonly operations: Map<string, number>;
  /** Pulls that failed of a tag that nobody changed meanwhile. */
  readonly failedPulls: string[];
  /** Pushes that had to be repeated, and why. */
  readonly repeated: string[];
  /** Pushes that had to be repeated twice or more. */
  readonly repeatedTwice: string[];
}

export function makeTally(): Tally {
  return { operations: new Map(), failedPulls: [], repeated: [], repeatedTwice: [] };
}

export function count({ operations }: Tally, operation: string): void {
  operations.set(operation, (operations.get(operation) ?? 0) + 1);
}

/** How many pushes there were of all clients. */
export function pushesIn({ operations }: Tally): number {
  return [...operations].reduce((sum, [name, number]) => sum + (/ push$/.test(name) ? number : 0), 0);
}

/** Pushes until it succeeds, a few times at most. */
export async function pushUntilDone(tally: Tally, what: string, push: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await push();
    } catch (error) {
      const why = `${new Date().toISOString()} ${what}: ${error instanceof Error ? error.message : error}`;
      (attempt === 0 ? tally.repeated : tally.repeatedTwice).push(why);
      if (attempt === 3) throw error;
    }
  }
}
