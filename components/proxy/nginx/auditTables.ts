/** Actions that write, and how a login may end. */
const writes = ["push", "upload", "delete", "keeper"];
const logins = ["unchecked", "none", "ok", "refused"];

/**
 * Which requests are in the audit files: what was written, also for a client that left before it heard of it, and what
 * was refused to somebody with a login, of which there may be any number.
 */
export function auditTables(actions: readonly string[]): string {
  return `
  js_shared_dict_zone zone=audit:32k type=number timeout=5m evict;
  js_set $audit_refusal login.refusal;
  js_var $keeper_changes;
  map $time_iso8601 $log_day {
    default unknown;
    "~^(?<log_this_day>[0-9]{4}-[0-9]{2}-[0-9]{2})" $log_this_day;
  }
  map "$log_action $log_login" $audited {
    default "";
${auditedRequests(actions)}  }
  map "$log_action $request_method $status $log_registry_status $log_login" $audited_write {
    default "";
    "~^(?:push|delete) [A-Z]+ 2" 1;
    "~^upload (?:PUT|POST) 201 " 1;
    "~^[a-z]+ (?:PUT|POST|DELETE) 499 20[0-9] " 1;
    "~^keeper POST 202 " $keeper_changes;
    "~ refused\\z" $audit_refusal;
    "~^[a-z]+ (?:PUT|POST|DELETE) [345].* ok\\z" $audit_refusal;
  }
`;
}

/** By action and login: one table is looked through for each request, in place of two. */
function auditedRequests(actions: readonly string[]): string {
  const row = (action: string, login: string, audited: string) => `    "${action} ${login}" ${audited};\n`;
  return actions
    .flatMap((action) =>
      writes.includes(action)
        ? logins.map((login) => row(action, login, "$audited_write"))
        : row(action, "refused", "$audit_refusal"),
    )
    .join("");
}
