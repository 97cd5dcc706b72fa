// The certificate, the disk and what the keeper has done.
import { ask, askKeeper } from "./ask.js";
import { endOf } from "./certificate.js";
import { bytes, el, facts, row, table, time } from "./dom.js";
import { t } from "./texts.js";

export async function state(main, about) {
  const certificate = el("section", {}, el("h2", {}, t("certificate")));
  const keeper = el("section", {}, el("p", { class: "quiet" }, t("loading")));
  main.replaceChildren(el("h1", {}, t("state")), certificate, keeper);
  certificate.append(el("p", {}, await certificateLine(about)));
  if (!about.keeper) return keeper.replaceChildren(el("p", { class: "quiet" }, t("noKeeper")));
  const line = keeper.firstChild;
  try {
    const report = await askKeeper("report", {}, (text) => {
      line.textContent = text;
    });
    keeper.replaceChildren(...disk(report), ...runs(report));
  } catch (error) {
    line.textContent = error.message;
  }
}

async function certificateLine(about) {
  if (!about.certificate) return t("noCertificate");
  const end = endOf(await (await ask("/_page/certificate")).text());
  const days = Math.floor((end - Date.now()) / 86400000);
  return el("span", { class: days < 14 ? "warn" : "" }, t("certificateEnds", time(end), days));
}

function disk({ volume, trash }) {
  const used = volume.bytes - volume.freeBytes;
  const text = t("diskUse", bytes(volume.freeBytes), bytes(volume.bytes));
  return [
    el("h2", {}, t("disk")),
    el("meter", { max: volume.bytes, high: 0.8 * volume.bytes, value: used, "aria-label": t("disk") }, text),
    el("p", {}, text),
    facts([[t("trash"), bytes(trash.reduce((sum, batch) => sum + batch.bytes, 0))]]),
  ];
}

function runs({ runs: all, retention, next, problem }) {
  const titles = [t("job"), t("ended"), t("did")];
  const rows = Object.entries(all).map(([job, { ended, ok, summary }]) =>
    row(titles, [job, time(ended), ok ? summary : el("span", { class: "warn" }, `✗ ${summary}`)]),
  );
  return [
    el("h2", {}, t("runs")),
    table(titles, rows),
    facts([
      [t("problem"), problem && el("span", { class: "warn" }, problem)],
      [t("retention"), retention],
      [t("next"), next],
    ]),
  ];
}
