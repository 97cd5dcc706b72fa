/** What the keeper shows to people. */

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A size in the unit that makes it short, such as "12.3 MiB". */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  // What would be shown as 1024.0 of one unit is 1.0 of the next.
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A time in milliseconds since 1970, in UTC to the minute, such as "2026-03-01T03:30Z". */
export function minuteText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}

/** A number with its noun, such as "1 tag", "2,000 tags". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** A digest, short enough for a column; long enough that it can be found. */
export function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

/** "a", "a and b", "a, b and 3 more": never longer than a line. */
export function someOf(names: readonly string[], shown = 5): string {
  if (names.length > shown) return `${names.slice(0, shown).join(", ")} and ${names.length - shown} more`;
  const last = names.at(-1) ?? "";
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last;
}

/** Columns under their titles, as wide as they must be. A title that ends in a bar, such as "SIZE|", is flush right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const flushRight = titles.map((title) => title.endsWith("|"));
  const lines = [titles.map((title) => title.replace("|", "")), ...rows];
  const widths = titles.map((_, column) =>
    lines.reduce((width, line) => Math.max(width, (line[column] ?? "").length), 0),
  );
  const padded = (cell: string, column: number) =>
    flushRight[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return lines.map((line) => `${line.map(padded).join("  ").trimEnd()}\n`).join("");
}
