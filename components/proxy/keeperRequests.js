import fs from "fs";

const requests = `${settings.controlPath}/requests`;
const answers = `${settings.controlPath}/answers`;
const mostWaiting = 32;
/** Milliseconds after which one that waits is told that nobody takes it, unless others were answered meanwhile. */
const patience = 60000;
/** As long the keeper carries out what waited (`OUTDATED` in requestJob.ts). */
const busyTime = 600000;

const fields = {
  repository: matches(settings.repositoryName),
  tag: matches(settings.tag),
  digest: matches(settings.digest),
  by: matches(settings.userName),
  since: matches(settings.day),
  flags: isListOfFlags,
};

/** Who asks has logged in: the login is checked before this. */
function handle(request) {
  try {
    route(request);
  } catch (error) {
    request.error(`a request for the keeper: ${error.message}`);
    refuse(
      request,
      503,
      "UNAVAILABLE",
      "the request cannot be handed to the keeper now: the log of the proxy says why",
    );
  }
}

function route(request) {
  const asked = /^\/_keeper\/answers\/([0-9a-f]{32})$/.exec(request.uri);
  const ordered = /^\/_keeper\/([a-z]+)$/.exec(request.uri);
  if (asked) return allows(request, "GET") && tell(request, asked[1]);
  if (ordered && settings.verbs.includes(ordered[1]))
    return allows(request, "POST") && take(request, ordered[1]);
  refuse(request, 404, "NOT_FOUND", `the keeper knows no such request, only ${settings.verbs.join(", ")}`);
}

function allows(request, method) {
  if (request.method === method) return true;
  request.headersOut.Allow = method;
  refuse(request, 405, "UNSUPPORTED", `ask this by ${method}`);
  return false;
}

/** Writes the request where the keeper looks. */
function take(request, verb) {
  const user = access.userOf(request);
  // No form of a foreign web page can send it.
  if (!/^application\/json *(;|$)/i.test(request.headersIn["Content-Type"] || ""))
    return refuse(
      request,
      400,
      "UNSUPPORTED",
      "a request for the keeper has the Content-Type application/json",
    );
  const body = request.requestText || "";
  // A firewall has read a longer one before nginx could refuse it.
  if (body.length > 4096)
    return refuse(request, 413, "SIZE_INVALID", "a request for the keeper has at most 4096 bytes");
  const given = parsed(body);
  const problem = problemOf(given);
  if (problem) return refuse(request, 400, "UNSUPPORTED", problem);
  if (settings.isWatched) note(request, verb, given);
  const denial = access.keeperDenial(request, verb, given.repository);
  if (denial !== "") return refuse(request, 403, "DENIED", denial);
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
  const text = JSON.stringify(Object.assign({ verb: verb, user: user }, given, { flags: given.flags || [] }));
  if (write(id, text)) return say(request, 202, id);
  request.headersOut["Retry-After"] = "10";
  refuse(request, 429, "TOOMANYREQUESTS", `${mostWaiting} requests wait for the keeper already: try again`);
}

/** What the log shall say of it, as it is in no address. */
function note(request, verb, given) {
  const flags = given.flags || [];
  const changes = {
    delete: true,
    restore: true,
    repair: true,
    retention: flags.includes("apply"),
    collect: !flags.includes("dry-run"),
  };
  request.variables.keeper_repository = given.repository || "";
  request.variables.keeper_tag = given.tag || "";
  request.variables.keeper_digest = given.digest || "";
  if (settings.isAudited) request.variables.keeper_changes = changes[verb] ? "1" : "";
}

/** Each counts its own before it is in, so that no two take the last place. */
function write(id, text) {
  const aside = `${requests}/.${id}`;
  fs.mkdirSync(requests, { recursive: true });
  try {
    fs.writeFileSync(aside, text, { mode: 0o600 });
    if (fs.readdirSync(requests).length <= mostWaiting) {
      fs.renameSync(aside, `${requests}/${id}`);
      return true;
    }
  } catch (error) {
    remove(aside);
    throw error;
  }
  remove(aside);
  return false;
}

/** How far a request is. It is looked for before its answer, as it goes once that is there. */
function tell(request, id) {
  const user = access.userOf(request);
  const waiting = read(`${requests}/${id}`);
  const owner = read(`${answers}/${id}/owner`);
  if (owner) return owner.trim() === user ? tellAnswer(request, id) : unknown(request);
  if (!waiting || JSON.parse(waiting).user !== user) return unknown(request);
  if (age(`${requests}/${id}`) < patience || isBusy()) return say(request, 202, "waiting for the keeper");
  request.headersOut["Retry-After"] = "60";
  refuse(
    request,
    503,
    "UNAVAILABLE",
    "the keeper does not answer, and drops the request once that is ten minutes old: npm run status says more",
  );
}

function tellAnswer(request, id) {
  const status = read(`${answers}/${id}/status`);
  if (!status) return say(request, 202, (read(`${answers}/${id}/progress`) || "under way").trim());
  const format = /application\/json/i.test(request.headersIn.Accept || "") ? "json" : "text";
  if (!exists(`${answers}/${id}/${format}`)) return unknown(request);
  // nginx sends the file: it may be large.
  request.internalRedirect(`${status.trim() === "0" ? "/_answers" : "/_failures"}/${id}/${format}`);
}

function unknown(request) {
  refuse(request, 404, "NOT_FOUND", "no such answer of yours: answers are kept for an hour");
}

/** Whether the keeper has done anything for others of late. */
function isBusy() {
  return (
    exists(answers) &&
    fs
      .readdirSync(answers)
      .some((id) =>
        ["progress", "status", "owner"].some((name) => age(`${answers}/${id}/${name}`) < busyTime),
      )
  );
}

/** One sentence about the body, or nothing. */
function problemOf(given) {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return "the body is no JSON object";
  const unknownKey = Object.keys(given).find((key) => !Object.keys(fields).includes(key));
  if (unknownKey !== undefined) return `the body may have ${Object.keys(fields).join(", ")} and nothing else`;
  const wrong = Object.keys(given).find((key) => !fields[key](given[key]));
  return wrong && `${wrong} is not what a ${wrong} may be`;
}

/** An expression for whole texts. No name is longer than the registry allows, and so no other value. */
function matches(source) {
  const whole = new RegExp(`^(?:${source})$`);
  return (value) =>
    typeof value === "string" && value.length <= 255 && !value.includes("\n") && whole.test(value);
}

function isListOfFlags(value) {
  return (
    Array.isArray(value) &&
    value.length <= settings.flags.length &&
    value.every((flag) => settings.flags.includes(flag))
  );
}

function parsed(text) {
  return attempt(() => JSON.parse(text));
}

function read(path) {
  return exists(path) ? fs.readFileSync(path, "utf8") : undefined;
}

function exists(path) {
  return attempt(() => fs.statSync(path)) !== undefined;
}

/** Milliseconds since a file was written; one that is not there is infinitely old. */
function age(path) {
  const stats = attempt(() => fs.statSync(path));
  return stats ? Date.now() - stats.mtimeMs : Infinity;
}

function remove(path) {
  attempt(() => fs.unlinkSync(path));
}

function attempt(work) {
  try {
    return work();
  } catch (_) {
    return undefined;
  }
}

function say(request, status, text) {
  request.headersOut["Content-Type"] = "text/plain; charset=utf-8";
  request.return(status, `${text}\n`);
}

function refuse(request, status, code, message) {
  request.headersOut["Content-Type"] = "application/json";
  request.return(status, JSON.stringify({ errors: [{ code: code, message: message }] }));
}

export default { handle };
