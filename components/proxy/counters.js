// The figures of `/metrics` that grow, in memory that all workers share and that a reload keeps. As little as can be is
// done here: it is done for every request.

/** Upper end of the class of a time in seconds. */
function timeClass(seconds) {
  if (seconds <= 0.01) return "0.01";
  if (seconds <= 0.1) return "0.1";
  if (seconds <= 1) return "1";
  if (seconds <= 10) return "10";
  if (seconds <= 60) return "60";
  return seconds <= 600 ? "600" : "+Inf";
}

/** Counts a request that has ended; named at the end of the log's line, to which it adds nothing. */
function count(r) {
  const v = r.variables;
  const action = v.log_action;
  const seconds = +v.request_time;
  const counters = ngx.shared.counters;
  try {
    counters.incr(`${action} ${v.status} ${v.log_login} ${timeClass(seconds)}`, 1, 0);
    counters.incr(`bytes ${action}`, +v.log_bytes, 0);
    if (seconds > 0) counters.incr(`time ${action}`, Math.round(seconds * 1000), 0);
  } catch (error) {
    r.error(`counters: ${error.message}`);
  }
  return "";
}

export default { count };
