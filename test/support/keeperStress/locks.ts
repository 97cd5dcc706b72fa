/** Locks by name: one holder alone, or several that share. */
export interface Locks {
  /** Runs an action while it holds all of them; taken in one order, so that nobody waits for each other. */
  hold<Answer>(wanted: readonly Wanted[], action: () => Promise<Answer>): Promise<Answer>;
}

export interface Wanted {
  readonly key: string;
  readonly shared?: boolean;
}

interface Lock {
  holders: number;
  alone: boolean;
  readonly waiting: { readonly shared: boolean; readonly go: () => void }[];
}

export function makeLocks(): Locks {
  const locks = new Map<string, Lock>();

  const take = (key: string, shared: boolean): Promise<void> => {
    const lock = locks.get(key) ?? { holders: 0, alone: false, waiting: [] };
    locks.set(key, lock);
    return new Promise((go) => {
      lock.waiting.push({ shared, go });
      wake(lock);
    });
  };

  const release = (key: string): void => {
    const lock = locks.get(key);
    if (lock === undefined) return;
    lock.holders -= 1;
    lock.alone = false;
    wake(lock);
    if (lock.holders === 0 && lock.waiting.length === 0) locks.delete(key);
  };

  return {
    async hold(wanted, action) {
      const keys = new Map<string, boolean>();
      for (const { key, shared = false } of wanted) keys.set(key, shared && (keys.get(key) ?? true));
      const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [key, shared] of sorted) await take(key, shared);
      try {
        return await action();
      } finally {
        for (const [key] of sorted) release(key);
      }
    },
  };
}

function wake(lock: Lock): void {
  for (;;) {
    const next = lock.waiting[0];
    if (next === undefined || lock.alone || (lock.holders > 0 && !next.shared)) return;
    lock.waiting.shift();
    lock.holders += 1;
    lock.alone = !next.shared;
    next.go();
  }
}
