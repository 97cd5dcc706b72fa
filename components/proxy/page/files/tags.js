// The tags of a repository, and what can be done with each.
import { ask, askKeeper, pages } from "./ask.js";
import { confirmed } from "./confirm.js";
import { button, bytes, el, finder, row, tell, time } from "./dom.js";
import { details } from "./image.js";
import { copy, pullCommand } from "./pull.js";
import { t } from "./texts.js";

export async function tags(main, about, repository) {
  const columns = ["tag", ...(about.keeper ? ["pushed", "size", "platforms", "retention"] : []), "actions"];
  const titles = columns.map((name) => t(name));
  const page = { repository, about, titles };
  const list = finder({ items: [], nameOf: ({ tag }) => tag, rowOf: (item) => rowOf(page, item), titles });
  const line = el("p", { class: "quiet" }, t("loading"));
  const deleted = el("section");
  page.refresh = async () => {
    let remark = "";
    try {
      const all = about.keeper ? await known(page, deleted) : await names(repository, list);
      list.show(all);
      remark = all.length === 0 ? t("noTags") : about.keeper ? "" : t("noKeeper");
    } finally {
      line.textContent = remark;
    }
  };
  main.replaceChildren(el("h1", {}, repository), line, ...list.parts, deleted);
  // The names are there at once, and what the keeper knows of them a moment later.
  if (about.keeper) await names(repository, list);
  await page.refresh();
}

async function names(repository, list) {
  const all = [];
  try {
    for await (const { tags: some } of pages(`/v2/${repository}/tags/list?n=1000`)) {
      all.push(...(some ?? []).map((tag) => ({ tag })));
      list.show(all);
    }
  } catch (error) {
    // A repository whose last tag is gone.
    if (error.status !== 404) throw error;
  }
  return all;
}

async function known(page, deleted) {
  const answer = await askKeeper("tags", { repository: page.repository });
  showDeleted(page, answer.deleted, deleted);
  return answer.tags;
}

function rowOf(page, item) {
  const { tag, pushed, problem, platforms, retention } = item;
  const cells = [el("code", {}, tag)];
  if (pushed)
    cells.push(
      time(pushed),
      bytes(item.bytes),
      problem ? el("span", { class: "warn" }, problem) : platforms.join(", "),
      retention
        ? el(
            "span",
            { class: retention.outcome },
            [t(retention.outcome), retention.why].filter(Boolean).join(": "),
          )
        : "",
    );
  else if (page.about.keeper) cells.push("", "", "", "");
  const line = row(page.titles, cells);
  line.append(el("td", { class: "acts" }, actions(page, item)));
  return line;
}

/** A button for one tag, and for those who do not see in which row it stands. */
function act(name, tag, onclick, attributes) {
  const about = { id: `${name}:${tag}`, "aria-label": `${t(name)} ${tag}` };
  return button(t(name), onclick, { ...about, ...attributes });
}

function actions(page, { tag }) {
  const open = act("details", tag, () => details(page, tag, open), { "aria-expanded": "false" });
  return [
    act("copy", tag, () => copy(pullCommand(page.repository, `:${tag}`))),
    open,
    act("remove", tag, () => remove(page, tag), { class: "danger" }),
  ];
}

async function remove(page, tag) {
  const { repository, about } = page;
  const work = () =>
    about.keeper
      ? askKeeper("delete", { repository, tag })
      : ask(`/v2/${repository}/manifests/${tag}`, { method: "DELETE" });
  if (!(await confirmed(tag, about.keeper ? t("undoable") : t("noKeeper"), work))) return;
  await page.refresh();
  tell(t("removed", `${repository}:${tag}`));
  (document.getElementById(`restore:${tag}`) ?? document.getElementById("main")).focus();
}

function showDeleted(page, gone, place) {
  const rows = gone.map(({ tag, until }) =>
    row(
      [],
      [
        el("code", {}, tag),
        until ? t("until", time(until)) : "",
        act("restore", tag, () => restore(page, tag)),
      ],
    ),
  );
  place.replaceChildren(
    ...(rows.length === 0 ? [] : [el("h2", {}, t("deleted")), el("table", {}, el("tbody", {}, rows))]),
  );
}

async function restore(page, tag) {
  const { repository } = page;
  try {
    await askKeeper("restore", { repository, tag });
    await page.refresh();
    tell(t("restored", `${repository}:${tag}`));
    document.getElementById(`copy:${tag}`)?.focus();
  } catch (error) {
    tell(error.message);
  }
}
