// The question before a deletion: the name is to be typed.
import { button, el } from "./dom.js";
import { t } from "./texts.js";

/** Does the work once the tag was typed, and says whether it was done. A refusal is said in the question itself. */
export function confirmed(tag, remark, work) {
  const input = el("input", { id: "typed", autocomplete: "off", spellcheck: "false" });
  const go = el("button", { class: "danger", disabled: true }, t("remove"));
  const problem = el("p", { class: "warn", role: "alert" });
  input.addEventListener("input", () => {
    go.disabled = input.value !== tag;
  });
  return new Promise((answer) => {
    let isDone = false;
    const dialog = el("dialog", { "aria-labelledby": "question" });
    const form = el(
      "form",
      {
        async onsubmit(event) {
          event.preventDefault();
          if (input.value !== tag) return;
          go.disabled = true;
          try {
            await work();
            isDone = true;
            dialog.close();
          } catch (error) {
            problem.textContent = error.message;
            go.disabled = false;
          }
        },
      },
      el("h2", { id: "question" }, `${t("remove")} ${tag}`),
      el("label", {}, el("span", {}, `${t("removing", tag)} ${remark}`), input),
      problem,
      el(
        "p",
        { class: "bar" },
        go,
        button(t("cancel"), () => dialog.close()),
      ),
    );
    dialog.append(form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(isDone);
    });
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
}
