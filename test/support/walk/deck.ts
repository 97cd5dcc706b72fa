import type { Kind } from "./kind";
import { kinds } from "./kinds";
import { randomOf } from "./random";
import type { World } from "./world";

/** The names of the kinds that come next. */
export type Deck = readonly string[];

/**
 * The next kind that can be done now, and the deck after it. What cannot be done yet stays in front; when none can,
 * a whole new deck follows, in another order: so every kind comes once before any comes twice.
 */
export function draw(seed: string, step: number, deck: Deck, world: World): { kind: Kind; deck: Deck } {
  const long = [...deck, ...randomOf(seed, "deck", step).shuffled(kinds.map(({ name }) => name))];
  const fitting = (name: string) => {
    const kind = kinds.find((each) => each.name === name);
    return kind && (kind.fits?.(world) ?? true) ? kind : undefined;
  };
  const index = long.findIndex((name) => fitting(name) !== undefined);
  const kind = fitting(long[index] ?? "");
  if (kind === undefined) throw new Error("no kind can be done now");
  const rest = long.filter((_, at) => at !== index);
  return { kind, deck: index < deck.length ? rest.slice(0, deck.length - 1) : rest };
}
