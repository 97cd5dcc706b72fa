// The answer at `/metrics`: what the proxy counts and knows, and what keeper and registry have written down of theirs.

import fs from "fs";
import certificate from "./certificateEnd.js";

const ends = ["0.01", "0.1", "1", "10", "60", "600", "+Inf"];
/** Milliseconds after which what the registry has written is of one that is gone. */
const registryPatience = 60000;

/** Who asks has logged in, or has an address that is let in without. */
function answer(r) {
  if (r.method !== "GET" && r.method !== "HEAD")
    return refuse(r, 405, "UNSUPPORTED", "ask for metrics by GET");
  if (r.uri === "/metrics" && !mayRead(r))
    return refuse(r, 403, "DENIED", `${access.userOf(r)} may not read metrics`);
  r.headersOut["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8";
  r.headersOut["Cache-Control"] = "no-store";
  return r.return(200, counted() + known(r) + settings.files.map((file) => written(file)).join(""));
}

function mayRead(r) {
  return settings.users === undefined
    ? access.mayEverywhere(r, "delete")
    : settings.users.includes(access.userOf(r));
}

/** What grows. */
function counted() {
  const classes = {};
  const byLogin = { ok: 0, refused: 0 };
  const times = {};
  const sums = { bytes: {}, time: {} };
  const lines = written({ path: "/tmp/counts.totals" }).split("\n");
  lines
    .map((line) => line.split(" "))
    .forEach((words) => {
      const value = Number(words[words.length - 1]);
      const sum = sums[words[0]];
      if (sum !== undefined) sum[words[1]] = value;
      if (words.length < 5) return;
      add(classes, `action="${words[0]}",code="${words[1]}"`, value);
      if (byLogin[words[2]] !== undefined) byLogin[words[2]] += value;
      times[words[0]] = times[words[0]] || {};
      add(times[words[0]], words[3], value);
    });
  return [
    family("requests_total", "counter", "Requests that have ended.", Object.entries(classes)),
    family(
      "bytes_total",
      "counter",
      "Bytes of images: received by upload and push, sent by download and pull.",
      Object.entries(sums.bytes).map((each) => [`action="${each[0]}"`, each[1]]),
    ),
    family(
      "logins_total",
      "counter",
      "Requests by how their login ended.",
      Object.entries(byLogin).map((each) => [`outcome="${each[0]}"`, each[1]]),
    ),
    family("request_duration_seconds", "histogram", "How long requests took.", durations(times, sums.time)),
  ].join("");
}

function add(sums, key, value) {
  sums[key] = (sums[key] || 0) + value;
}

/** Each class has those below it in it. */
function durations(times, sums) {
  const rows = [];
  Object.entries(times).forEach((each) => {
    const action = `action="${each[0]}"`;
    let all = 0;
    ends.forEach((end) => {
      all += each[1][end] || 0;
      rows.push([`${action},le="${end}"`, all, "_bucket"]);
    });
    rows.push([action, (sums[each[0]] || 0) / 1000, "_sum"], [action, all, "_count"]);
  });
  return rows;
}

/** What is as it is now. */
function known(r) {
  const connections = ["active", "reading", "writing", "waiting"].map((state) => [
    `state="${state}"`,
    r.variables[`connections_${state}`] || 0,
  ]);
  const logins = Object.entries(settings.loginEnds).map((each) => [`user="${each[0]}"`, each[1]]);
  return [
    family("connections", "gauge", "Connections of clients.", connections),
    family("login_end_timestamp_seconds", "gauge", "When logins end that have an end.", logins),
    settings.certificate === "" ? "" : certificateFamily(r),
  ].join("");
}

function certificateFamily(r) {
  try {
    const end = certificate.earliestEnd(fs.readFileSync(settings.certificate, "utf8"));
    return family("certificate_end_timestamp_seconds", "gauge", "When the certificate ends.", [["", end]]);
  } catch (error) {
    r.error(`metrics: the certificate: ${error.message}`);
    return "";
  }
}

function family(name, type, help, rows) {
  if (rows.length === 0) return "";
  const full = `private_registry_${name}`;
  const lines = rows.map((row) => `${full}${row[2] || ""}${row[0] && `{${row[0]}}`} ${row[1]}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join("")}`;
}

/** What others have written for this; nothing of who is not there, or is there no more. */
function written(file) {
  try {
    if (file.fleeting && Date.now() - fs.statSync(file.path).mtimeMs > registryPatience) return "";
    return fs.readFileSync(file.path, "utf8");
  } catch (_) {
    return "";
  }
}

function refuse(r, status, code, message) {
  r.headersOut["Content-Type"] = "application/json";
  r.return(status, JSON.stringify({ errors: [{ code: code, message: message }] }));
}

export default { answer };
