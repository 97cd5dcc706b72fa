/** TOML text, as plain objects. */
export async function toml(text: string) {
  // The parser is an ECMAScript module, and these tests are not.
  const { parse } = await import("smol-toml");
  return JSON.parse(JSON.stringify(parse(text)));
}
