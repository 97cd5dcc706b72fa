/** The text with new content between the two comments that mark its place in a page. */
export function replaceMarked(text: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  const [before, rest] = split(text, begin);
  const [, after] = split(rest, end);
  return `${before}${begin}\n${content}${end}${after}`;
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`the page has no line "${mark}"`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
