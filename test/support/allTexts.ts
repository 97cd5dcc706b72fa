/** All texts of these characters up to a length, the empty one too. */
export function allTexts(characters: string, length: number): string[] {
  if (length === 0) return [""];
  const shorter = allTexts(characters, length - 1);
  const longest = shorter.filter((text) => text.length === length - 1);
  return [...shorter, ...longest.flatMap((text) => [...characters].map((one) => text + one))];
}
