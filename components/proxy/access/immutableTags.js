// Tags that never name another image: what a request would change is looked at before the registry hears of it.

import crypto from "crypto";
import access from "./access.js";
import data from "./accessData.js";
import glob from "./glob.js";

const address = /^\/v2\/(.+)\/manifests\/([^/]+)$/;
/** For looking whether tags name a manifest, in milliseconds. */
const patience = 5000;

async function change(r) {
  const parts = address.exec(access.path(r));
  const patterns = parts === null ? [] : patternsOf(parts[1]);
  try {
    const reason = patterns.length === 0 ? "" : await refusal(r, parts[1], parts[2], patterns);
    if (reason === "") r.internalRedirect("@registry");
    else access.refuse(r, 403, "DENIED", reason);
  } catch (error) {
    // What cannot be looked at stays as it is.
    r.error(`immutable tags: ${error.message}`);
    access.refuse(r, 503, "UNAVAILABLE", "what the tag names cannot be looked at now, try again");
  }
}

/** Patterns of the tags that stay as they are in a repository. */
function patternsOf(repository) {
  const about = data.immutable.filter((rule) => glob.any(rule[0].split(" "), repository));
  return about.reduce((patterns, rule) => patterns.concat(rule[1].split(" ")), []);
}

/** Why a change is refused, "" if it is not. */
async function refusal(r, repository, reference, patterns) {
  if (reference.includes(":"))
    return r.method === "DELETE" ? ofDigest(r, repository, reference, patterns) : "";
  if (!glob.any(patterns, reference)) return "";
  const current = await digestOf(r, repository, reference);
  if (current === "") return "";
  if (r.method === "DELETE") return `the tag ${reference} of ${repository} is immutable and is not deleted`;
  const pushed = `sha256:${crypto
    .createHash("sha256")
    .update(r.requestBuffer || "")
    .digest("hex")}`;
  return pushed === current
    ? ""
    : `the tag ${reference} of ${repository} is immutable and names another image: push another tag`;
}

/** A manifest is not deleted while a tag names it that stays as it is; nor where that cannot be told. */
async function ofDigest(r, repository, digest, patterns) {
  const end = Date.now() + patience;
  let last = "";
  let hasMore = true;
  while (hasMore) {
    const page = await r.subrequest("/_manifest_of", {
      args: `path=${repository}/tags/list&n=1000&last=${encodeURIComponent(last)}`,
    });
    if (page.status === 404) return "";
    if (page.status !== 200) throw new Error(`tags of ${repository}: status ${page.status}`);
    const tags = JSON.parse(page.responseText).tags || [];
    const immutable = tags.filter((tag) => glob.any(patterns, tag));
    for (let index = 0; index < immutable.length; index++) {
      if (Date.now() > end)
        return `${repository} has too many immutable tags to look at: delete a tag instead`;
      if (await needs(r, repository, immutable[index], digest)) {
        return `the tag ${immutable[index]} of ${repository} is immutable and names this image, which is not deleted`;
      }
    }
    hasMore = page.headersOut.Link !== undefined && tags.length > 0;
    last = tags[tags.length - 1];
  }
  return "";
}

/** Whether a tag names a manifest, or a list of images with it. */
async function needs(r, repository, tag, digest) {
  const named = await manifestOf(r, repository, tag, "HEAD");
  if (named === undefined) return false;
  if (named.headersOut["Docker-Content-Digest"] === digest) return true;
  if (!/index|manifest\.list/.test(named.headersOut["Content-Type"])) return false;
  const list = await manifestOf(r, repository, tag, "GET");
  return (
    list !== undefined && (JSON.parse(list.responseText).manifests || []).some((one) => one.digest === digest)
  );
}

/** The digest that a tag names, "" for none. */
async function digestOf(r, repository, tag) {
  const named = await manifestOf(r, repository, tag, "HEAD");
  return named === undefined ? "" : named.headersOut["Docker-Content-Digest"];
}

/** The registry's answer about what a tag names, undefined for nothing. */
async function manifestOf(r, repository, tag, method) {
  const answer = await r.subrequest("/_manifest_of", { method, args: `path=${repository}/manifests/${tag}` });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new Error(`${repository}:${tag}: status ${answer.status}`);
  return answer;
}

export default { change };
