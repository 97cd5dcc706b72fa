// The list of repositories.
import { askKeeper, pages } from "./ask.js";
import { button, bytes, el, finder, row, tell, time } from "./dom.js";
import { t } from "./texts.js";

export function hrefOf(repository) {
  return `#/r/${repository}`;
}

export async function repositories(main, about) {
  const names = [];
  const titles = () => [t("repository"), t("tags"), t("pushed"), t("size")];
  let known = new Map();
  const rowOf = (name) => {
    const one = known.get(name);
    const link = el("a", { href: hrefOf(name), id: `r:${name}` }, name);
    const newest = one?.newestPush ? time(one.newestPush) : "";
    return row(titles(), [link, ...(one ? [String(one.tags), newest, bytes(one.bytes)] : ["", "", ""])]);
  };
  const list = finder({ items: names, nameOf: (name) => name, rowOf, titles: titles() });
  const count = button(t("sizes"), async () => {
    count.disabled = true;
    try {
      const { repositories: all } = await askKeeper("list", {}, tell);
      known = new Map(all.map((one) => [one.repository, one]));
      list.show(names);
      count.remove();
      tell("");
    } catch (error) {
      tell(error.message);
      count.disabled = false;
    }
  });
  const state = el("p", { class: "quiet" }, t("loading"));
  main.replaceChildren(el("h1", {}, t("repositories")), ...list.parts, state);
  for await (const page of pages("/v2/_catalog?n=1000")) {
    names.push(...(page.repositories ?? []));
    list.show(names);
  }
  state.textContent = names.length === 0 ? t("noRepositories") : "";
  if (names.length > 0 && about.keeper) main.append(count);
}
