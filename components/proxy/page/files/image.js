// What there is to know of one image, below its row.
import { askKeeper, showByApi } from "./ask.js";
import { button, bytes, el, facts } from "./dom.js";
import { copy, pullCommand } from "./pull.js";
import { t } from "./texts.js";

/** Opens what is known of a tag, or closes it. */
export async function details({ repository, about }, tag, opener) {
  const line = opener.closest("tr");
  if (opener.getAttribute("aria-expanded") === "true") {
    line.nextElementSibling.remove();
    opener.setAttribute("aria-expanded", "false");
    return;
  }
  opener.setAttribute("aria-expanded", "true");
  const place = el("td", { colspan: line.cells.length, class: "more" }, t("loading"));
  line.after(el("tr", {}, place));
  try {
    const shown = about.keeper
      ? await askKeeper("show", { repository, tag })
      : await showByApi(repository, tag);
    place.replaceChildren(factsOf(repository, shown, about));
  } catch (error) {
    place.replaceChildren(el("p", { class: "warn" }, error.message));
  }
}

function factsOf(repository, shown, about) {
  const command = pullCommand(repository, `@${shown.digest}`);
  return facts([
    [t("problem"), shown.problem],
    [t("digest"), el("code", {}, shown.digest)],
    [
      t("command"),
      el(
        "span",
        {},
        el("code", {}, command),
        " ",
        button(t("copy"), () => copy(command)),
      ),
    ],
    [t("size"), bytes(shown.bytes)],
    [t("platforms"), shown.platforms.join(", ")],
    [t("signedBy"), about.keeper && related(shown.referrers)],
    [t("annotations"), pairs(shown.manifest?.annotations)],
    [t("labels"), pairs(shown.config?.config?.Labels)],
    [t("layers"), partsOf(shown.parts)],
  ]);
}

function related(others) {
  if (others.length === 0) return t("nothing");
  return lines(
    others.map(({ type, digest, tags }) => [el("code", {}, `${type} ${digest} ${tags.join(" ")}`)]),
  );
}

function partsOf(parts) {
  return lines(
    parts.map(({ digest, bytes: size, platform, mediaType }) => [
      el("code", {}, digest),
      ` ${bytes(size)}, ${platform ?? mediaType}`,
    ]),
  );
}

/** What anybody may have written into an image. */
function pairs(texts) {
  const all = Object.entries(texts ?? {});
  return all.length > 0 && facts(all.map(([name, value]) => [name, String(value) || " "]));
}

function lines(all) {
  return el(
    "div",
    {},
    all.map((parts) => el("div", {}, parts)),
  );
}
