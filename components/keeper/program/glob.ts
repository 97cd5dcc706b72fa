/** Whether a text, whole and as it is written, is one that a pattern means. */
export type Match = (text: string) => boolean;

/** A character that stands for itself, or a run of any characters, with or without slashes. */
type Piece = string;

const within = "*";
const across = "**";

/**
 * A pattern of names: `*` is any run of characters without a slash, also none, and `**` any run at all; everything else
 * is itself. Nothing is tried again, as a regular expression would: the time is that of the text times that of the
 * pattern, whatever the two are.
 */
export function glob(pattern: string): Match {
  const pieces: Piece[] = (pattern.match(/\*+|[\s\S]/g) ?? []).map((piece) =>
    piece.length > 1 ? across : piece,
  );
  if (!pattern.includes("*")) return (text) => text === pattern;
  return (text) => {
    let reached = withoutRuns(pieces, new Set([0]));
    for (let at = 0; at < text.length && reached.size > 0; at++) {
      reached = withoutRuns(pieces, after(pieces, reached, text.charAt(at)));
    }
    return reached.has(pieces.length);
  };
}

/** Whether a text is one that any of these patterns means. */
export function anyGlob(patterns: readonly string[]): Match {
  const matches = patterns.map(glob);
  return (text) => matches.some((match) => match(text));
}

/**
 * Whether these patterns mean all that another one means. A star of the other is a character here that only a star
 * of theirs can mean; what `**` can be is tried with up to three components.
 */
export function covers(patterns: readonly string[], other: string): boolean {
  const match = anyGlob(patterns);
  return ["*", "*/*", "*/*/*"].every((run) => match(other.replace(/\*{2,}/g, run)));
}

/** The places in a pattern that one more character leads to. */
function after(pieces: readonly Piece[], places: ReadonlySet<number>, character: string): Set<number> {
  const next = new Set<number>();
  for (const place of places) {
    const piece = pieces[place];
    if (piece === across || (piece === within && character !== "/")) next.add(place);
    else if (piece === character) next.add(place + 1);
  }
  return next;
}

/** The places, and those behind the runs there: a run may be empty. */
function withoutRuns(pieces: readonly Piece[], places: Set<number>): Set<number> {
  // A set that grows while it is walked is walked to its end.
  for (const place of places) {
    const piece = pieces[place];
    if (piece === within || piece === across) places.add(place + 1);
  }
  return places;
}
