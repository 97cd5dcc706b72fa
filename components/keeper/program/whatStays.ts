/** What is left of items when nothing more goes; `stays` says which of those that are left stay beside each other. */
export function whatStays<Item>(
  items: readonly Item[],
  stays: (left: readonly Item[]) => readonly Item[],
): readonly Item[] {
  let left = items;
  for (;;) {
    const still = stays(left);
    if (still.length === left.length) return still;
    left = still;
  }
}
