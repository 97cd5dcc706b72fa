// The list of repositories, with those alone that the user may pull from. The registry itself is asked: the keeper's
// index is an hour old and knows no repository without a tag, and what was pushed a moment ago must be in the list.

import access from "./access.js";

/** Most that the registry gives at once, and that is given. */
const largestPage = 1000;
/** For one walk through the list, and for waiting until one may begin; both in milliseconds. */
const patience = 5000;
/** Walks at a time: each reads the registry's folders. */
const places = ["0", "1"];

async function answer(r) {
  const asked = argument(r, "n");
  const last = argument(r, "last");
  if (asked !== undefined && !/^[0-9]{1,9}$/.test(asked || "")) {
    access.refuse(r, 400, "PAGINATION_NUMBER_INVALID", "invalid number of results requested");
    return;
  }
  if (last === null) {
    access.refuse(r, 400, "UNSUPPORTED", "last is no text");
    return;
  }
  if (r.method !== "GET" || access.mayEverywhere(r, "pull")) {
    r.internalRedirect("@registry");
    return;
  }
  const place = await free();
  if (place === undefined) {
    tryLater(r, 429, "TOOMANYREQUESTS", "too many ask for the list of repositories, try again");
    return;
  }
  try {
    await list(r, Math.min(asked === undefined ? 100 : Number(asked), largestPage), last || "");
  } finally {
    ngx.shared.walks.delete(place);
  }
}

/** Answers with one page: a name that is hidden neither is in it nor tells where the next one begins. */
async function list(r, size, last) {
  const end = Date.now() + patience;
  const isShown = access.decide(r, "pull");
  const found = [];
  const state = { last, hasMore: size > 0 };
  while (state.hasMore && found.length <= size) {
    if (Date.now() > end) {
      // Whoever has seen nothing yet has no name from which to go on.
      if (found.length < 2) {
        tryLater(r, 503, "UNAVAILABLE", "the list of repositories takes too long, try again");
        return;
      }
      size = found.length - 1;
      break;
    }
    const page = await r.subrequest("/_catalogue_page", {
      args: `n=${largestPage}&last=${encodeURIComponent(state.last)}`,
    });
    if (page.status !== 200) {
      r.return(page.status, page.responseText);
      return;
    }
    const names = JSON.parse(page.responseText).repositories || [];
    names.forEach((name) => {
      if (isShown(name)) found.push(name);
    });
    state.hasMore = page.headersOut.Link !== undefined && names.length > 0;
    state.last = names[names.length - 1];
  }
  const shown = found.slice(0, size);
  if (found.length > size && size > 0) {
    const next = encodeURIComponent(shown[shown.length - 1]);
    r.headersOut.Link = `</v2/_catalog?last=${next}&n=${size}>; rel="next"`;
  }
  r.headersOut["Content-Type"] = "application/json";
  r.return(200, `${JSON.stringify({ repositories: shown })}\n`);
}

/** A place for one walk, which is free again by itself where a worker has ended with it. */
async function free() {
  const end = Date.now() + patience;
  while (true) {
    const place = places.find((name) => ngx.shared.walks.add(name, "taken", 2 * patience));
    if (place !== undefined || Date.now() > end) return place;
    await new Promise((done) => {
      setTimeout(done, 50);
    });
  }
}

/** An argument of the query, undefined if it is not there, null if it is no text. */
function argument(r, name) {
  const parts = (r.variables.args || "").split("&");
  const part = parts.find((text) => text.startsWith(`${name}=`));
  try {
    return part === undefined ? undefined : decodeURIComponent(part.slice(name.length + 1));
  } catch (_error) {
    return null;
  }
}

function tryLater(r, status, code, message) {
  r.headersOut["Retry-After"] = "5";
  access.refuse(r, status, code, message);
}

export default { answer };
