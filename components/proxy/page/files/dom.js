// Elements and values as text. What was pushed reaches the page as text alone.
import { language, t } from "./texts.js";

/** An element with attributes, listeners such as `onclick`, and children: elements and texts. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return element;
}

/** A table with a title for each column. The first column of a row names it; titles are repeated on a small screen. */
export function table(titles, rows) {
  return el(
    "table",
    {},
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        titles.map((title) => el("th", { scope: "col" }, title)),
      ),
    ),
    el("tbody", {}, rows),
  );
}

export function row(titles, cells) {
  return el(
    "tr",
    {},
    cells.map((cell, index) =>
      index === 0 ? el("th", { scope: "row" }, cell) : el("td", { "data-name": titles[index] }, cell),
    ),
  );
}

/** Pairs of names and values; those without a value are left out. */
export function facts(pairs) {
  return el(
    "dl",
    {},
    pairs.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
}

export function button(text, onclick, attributes = {}) {
  return el("button", { type: "button", onclick, ...attributes }, text);
}

/** Says something to everybody, also to those who do not see it. */
export function tell(text) {
  const place = document.getElementById("message");
  place.textContent = text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => place.replaceChildren(), 10000);
}

export function bytes(count) {
  const step = count < 1 ? 0 : Math.min(5, Math.floor(Math.log2(count) / 10));
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: step === 0 ? 0 : 1 });
  return `${number.format(count / 1024 ** step)}\u00a0${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][step]}`;
}

export function time(text) {
  return new Date(text).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}

/** A list that shows some rows at a time, and those whose name has what is typed. */
export function finder({ items, nameOf, rowOf, titles }) {
  const step = 100;
  const state = { items, most: step };
  const count = el("p", { class: "quiet" });
  const input = el("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const more = button(t("more"), () => {
    state.most += 10 * step;
    draw();
  });
  input.addEventListener("input", () => {
    state.most = step;
    draw();
  });
  const frame = table(titles, []);
  function draw() {
    const found = state.items.filter((item) => nameOf(item).includes(input.value.trim()));
    const shown = found.slice(0, state.most);
    frame.tBodies[0].replaceChildren(...shown.flatMap(rowOf));
    count.textContent = t("count", shown.length, found.length);
    more.hidden = shown.length === found.length;
    frame.hidden = found.length === 0;
  }
  draw();
  return {
    parts: [el("div", { class: "bar" }, el("label", {}, t("find"), input), count), frame, more],
    /** Shows other items, and leaves the focus where it is as far as that is still there. */
    show(other) {
      const { id } = document.activeElement ?? {};
      state.items = other;
      draw();
      if (id) document.getElementById(id)?.focus();
    },
  };
}
