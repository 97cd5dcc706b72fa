// Which part of the page is shown: the address after `#` says it.
import { ask } from "./ask.js";
import { el } from "./dom.js";
import { repositories } from "./repositories.js";
import { state } from "./state.js";
import { tags } from "./tags.js";
import { language, t } from "./texts.js";

const main = document.getElementById("main");
const places = [
  ["#/", "repositories"],
  ["#/state", "state"],
];

async function show(about) {
  const address = location.hash || "#/";
  const repository = /^#\/r\/(.+)$/.exec(address)?.[1];
  for (const link of document.querySelectorAll("nav a"))
    link.ariaCurrent = link.getAttribute("href") === address ? "page" : null;
  document.title = repository ?? location.host;
  // What is answered late must not take the place of what was asked for since.
  const part = el("div");
  main.replaceChildren(part);
  main.focus({ preventScroll: true });
  try {
    if (repository) await tags(part, about, repository);
    else if (address === "#/state") await state(part, about);
    else await repositories(part, about);
  } catch (error) {
    part.append(el("p", { class: "warn", role: "alert" }, error.message));
  }
}

async function start() {
  document.documentElement.lang = language;
  document.getElementById("places").append(...places.map(([href, name]) => el("a", { href }, t(name))));
  document.getElementById("foot").append(el("p", {}, t("logout")));
  const about = await (await ask("/_page/about")).json();
  document.getElementById("who").textContent = t("user", about.user);
  addEventListener("hashchange", () => show(about));
  await show(about);
}

start().catch((error) => {
  main.replaceChildren(el("p", { class: "warn", role: "alert" }, error.message));
});
