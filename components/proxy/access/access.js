// Who may do what, decided at each request from the method and the address that the client sent: nginx has taken them
// apart, as within the question that it asks itself about a login the request's own are those of the question.

import crypto from "crypto";
import data from "./accessData.js";
import glob from "./glob.js";

/** What the keeper does with all repositories. */
const keeperOfAll = /^\/_keeper\/(?:collect|retention|verify|report)$/;
const verbs = { pull: "pull", push: "push to", delete: "delete from" };

function bearer(r) {
  const parts = /^bearer +(\S+)$/i.exec(r.headersIn.Authorization || "");
  return parts === null ? "" : parts[1];
}

/** Whom a token says that it is of. */
function tokenUser(r) {
  return Buffer.from(bearer(r).split(".")[0], "base64url").toString();
}

/** Whom the request says that it is of: "" for nobody. Nothing is proven by it. */
function claimed(r) {
  return r.variables.asking_user || "";
}

/** Last day, fingerprint of the password, and numbers of rules of whom the request says that it is of. */
function rights(r) {
  const words = r.variables.user_rights.split(" ");
  return { lastDay: words[0], fingerprint: words[1], rules: words[2] };
}

function may(r, repository, action) {
  return decide(r, action)(repository);
}

/** Whether a user may do this in a repository, for many repositories at once. */
function decide(r, action) {
  const patterns = patternsFor(r, action);
  return (repository) =>
    repository.length <= 255 && data.legal.test(repository) && glob.any(patterns, repository);
}

function patternsFor(r, action) {
  const all = data.rules();
  const numbers = rights(r).rules;
  const words = numbers === "-" ? [] : numbers.split(",").map((number) => all[number].split(" "));
  const about = words.filter((rule) => rule[0].split(",").includes(action));
  return about.reduce((patterns, rule) => patterns.concat(rule.slice(1)), []);
}

/** Whether a user may do this everywhere. */
function mayEverywhere(r, action) {
  return patternsFor(r, action).includes("**");
}

function path(r) {
  return r.variables.request_uri.split("?")[0];
}

/** When a login ends, in milliseconds. */
function endOf(lastDay) {
  return lastDay === "-" ? Infinity : Date.parse(`${lastDay}T23:59:59.999Z`);
}

/** Why a request is refused, in words for a person; "" if it is not. */
function denial(r) {
  // Whoever pulls and pushes is refused with the token, as podman and skopeo show no words about the token itself.
  if (path(r) === "/_token" && /[?&]scope=/.test(r.variables.request_uri)) return "";
  const lastDay = rights(r).lastDay;
  if (Date.now() > endOf(lastDay)) return `the login of ${claimed(r)} expired on ${lastDay}`;
  const repository = r.variables.asked_repository;
  const action = r.variables.asked_action;
  if (repository === "") return deniedElsewhere(r) ? `${claimed(r)} may not use ${path(r)}` : "";
  return may(r, repository, action) ? "" : `${claimed(r)} may not ${verbs[action]} ${repository}`;
}

/**
 * Whether a request is not refused; if it is, the reason is noted. What is allowed is kept until the login ends, by what
 * it was decided from: the same is asked for again and again.
 */
function isAllowed(r) {
  const decision = r.variables.decision;
  const kept = ngx.shared.decisions;
  if (decision !== "" && kept.get(decision) >= Date.now()) return true;
  const reason = denial(r);
  if (reason !== "") r.variables.reason = reason;
  else if (decision !== "") kept.set(decision, endOf(rights(r).lastDay));
  return reason === "";
}

/** What the registry does not know it may know one day: it is read, and no more. */
function deniedElsewhere(r) {
  if (keeperOfAll.test(path(r))) return !mayEverywhere(r, "delete");
  const method = r.variables.request_method;
  return /^\/v2\/./.test(path(r)) && method !== "GET" && method !== "HEAD";
}

/** Why somebody may not ask this of the keeper, "" if they may. Where no repository is named it is about all of them. */
function keeperDenial(r, verb, repository) {
  const action = ["tags", "show", "list"].includes(verb) ? "pull" : "delete";
  if (repository === undefined ? mayEverywhere(r, action) : may(r, repository, action)) return "";
  return `${claimed(r)} may not ${verbs[action]} ${repository === undefined ? "all repositories" : repository}`;
}

/** Turns the answer about a login that is right into a refusal, where there is a reason. */
function enforce(r) {
  if (r.status === 200 && !isAllowed(r)) r.status = 403;
}

/** The status for a request with a token, or with nothing; "" for what is neither. */
function withoutPassword(r) {
  const token = bearer(r);
  if (token !== "") {
    if (path(r) === "/_token" || !isGood(r, token)) return "401";
  } else if (!/^(?:basic og==)?$/i.test(r.headersIn.Authorization || "")) {
    return "";
  }
  if (claimed(r) === "") return mayNobody(r, token !== "") ? "204" : "401";
  return isAllowed(r) ? "204" : "403";
}

/** Whoever has no login may do what rules say, and get a token that says so. */
function mayNobody(r, hasToken) {
  if (path(r) === "/_token") return data.isOpen;
  if (path(r) === "/v2/") return hasToken;
  return r.variables.asked_repository !== "" && isAllowed(r);
}

function signature(text) {
  return crypto.createHmac("sha256", data.key).update(text).digest("base64url");
}

/** What is signed has a dot between its parts, and none in them. */
function signed(r, user, end) {
  return signature(`${user}.${end}.${rights(r).fingerprint}`);
}

function isGood(r, token) {
  const parts = token.split(".");
  return (
    parts.length === 3 &&
    Number(parts[1]) > Date.now() / 1000 &&
    // A user who is gone has no fingerprint.
    rights(r).fingerprint !== "-" &&
    // Signed once more, how far two texts are the same says nothing.
    signature(parts[2]) === signature(signed(r, parts[0], parts[1]))
  );
}

/** The answer to whoever asks for a token: it says who asks, and not what they may do. */
function token(r) {
  const seconds = 3600;
  const user = Buffer.from(claimed(r)).toString("base64url");
  const end = Math.floor(Date.now() / 1000) + seconds;
  const text = `${user}.${end}.${signed(r, user, end)}`;
  const issued = new Date().toISOString();
  return JSON.stringify({ token: text, access_token: text, expires_in: seconds, issued_at: issued });
}

/** An error as the registry's API has them. */
function refuse(r, status, code, message) {
  r.headersOut["Content-Type"] = "application/json";
  r.return(status, JSON.stringify({ errors: [{ code, message }] }));
}

/** The arguments by which an upload names a blob of another repository, if the user may pull from that. */
function mount(r) {
  const repository = r.variables.start_from.slice("&from=".length).replace(/%2f/gi, "/");
  return may(r, repository, "pull") ? r.variables.start_mount + r.variables.start_from : "";
}

export default {
  tokenUser,
  enforce,
  withoutPassword,
  token,
  mount,
  decide,
  mayEverywhere,
  path,
  refuse,
  userOf: claimed,
  keeperDenial,
};
