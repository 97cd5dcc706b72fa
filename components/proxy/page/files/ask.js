// Requests to the registry and its keeper. The browser adds the login.
import { t } from "./texts.js";

/** An answer that is none, with the sentence of whoever refused. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** An answer of the registry. @throws Refused */
export async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, cache: "no-store" }).catch(() => undefined);
  if (answer === undefined) throw new Refused(0, t("unreachable"));
  if (!answer.ok) throw new Refused(answer.status, reasonIn(await answer.text(), answer.status));
  return answer;
}

function reasonIn(text, status) {
  try {
    const { errors, error } = JSON.parse(text);
    return error ?? errors[0].message;
  } catch {
    return `${t("unreachable")} (${status})`;
  }
}

/** What the keeper answers. A request is taken first, and its answer asked for until it is there. @throws Refused */
export async function askKeeper(verb, request = {}, progress = () => {}) {
  const taken = await ask(`/_keeper/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(request),
  });
  const id = (await taken.text()).trim();
  for (let wait = 100; ; wait = Math.min(1000, wait * 1.3)) {
    await new Promise((done) => setTimeout(done, wait));
    const answer = await ask(`/_keeper/answers/${id}`, { headers: { Accept: "application/json" } });
    if (answer.status === 200) return answer.json();
    progress((await answer.text()).trim());
  }
}

/** All pages of a list of the registry, one after the other. */
export async function* pages(path) {
  let next = path;
  while (next) {
    const answer = await ask(next);
    yield await answer.json();
    next = /<([^>]+)>; *rel="?next/.exec(answer.headers.get("Link") ?? "")?.[1];
  }
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** What the registry's own API tells of an image, in the keeper's words. */
export async function showByApi(repository, tag) {
  const path = `/v2/${repository}`;
  const answer = await ask(`${path}/manifests/${tag}`, { headers: { Accept: manifestTypes } });
  const manifest = await answer.json();
  const { config, layers = [], manifests = [] } = manifest;
  const isImage = /(?:docker\.container|oci)\.image/.test(config?.mediaType ?? "");
  const about = isImage ? await (await ask(`${path}/blobs/${config.digest}`)).json() : null;
  const children = manifests.map(({ platform }) => platform).filter(Boolean);
  const platforms = about ? [about] : children;
  const parts = [...(config ? [config] : []), ...layers, ...manifests];
  return {
    digest: answer.headers.get("Docker-Content-Digest"),
    type: manifest.artifactType ?? manifest.mediaType ?? "",
    platforms: platforms.map(({ os, architecture, variant }) =>
      [os, architecture, variant].filter(Boolean).join("/"),
    ),
    bytes: parts.reduce((sum, { size }) => sum + size, 0),
    parts: parts.map(({ digest, size, mediaType }) => ({ digest, bytes: size, mediaType })),
    manifest,
    config: about,
  };
}
