/**
 * Whether a text is one that a pattern means: `*` is any run of characters without a slash, `**` any run at all. Where
 * a character does not fit, the last star takes one more, and where that may not, the last `**` does: no star before it
 * need be tried again, as nothing that came after would be nearer to its end.
 */
function matches(pattern, text) {
  let at = 0;
  let of = 0;
  let within = -1;
  let withinText = 0;
  let across = -1;
  let acrossText = 0;
  while (at < text.length || of < pattern.length) {
    if (pattern[of] === "*") {
      let end = of + 1;
      while (pattern[end] === "*") end++;
      if (end - of > 1) {
        across = end;
        acrossText = at;
        within = -1;
      } else {
        within = end;
        withinText = at;
      }
      of = end;
    } else if (at < text.length && pattern[of] === text[at]) {
      of++;
      at++;
    } else if (within >= 0 && withinText < text.length && text[withinText] !== "/") {
      withinText++;
      at = withinText;
      of = within;
    } else if (across >= 0 && acrossText < text.length) {
      acrossText++;
      at = acrossText;
      of = across;
      within = -1;
    } else {
      return false;
    }
  }
  return true;
}

function any(patterns, text) {
  return patterns.some((pattern) => {
    const star = pattern.indexOf("*");
    if (star < 0) return pattern === text;
    // Most patterns differ in their first letters, which takes one call.
    return text.startsWith(pattern.slice(0, star)) && matches(pattern, text);
  });
}

export default { matches, any };
