// The command that pulls an image, for people to copy.
import { tell } from "./dom.js";
import { t } from "./texts.js";

export function pullCommand(repository, reference) {
  return `docker pull ${location.host}/${repository}${reference}`;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    tell(t("copied", text));
  } catch {
    tell(text);
  }
}
