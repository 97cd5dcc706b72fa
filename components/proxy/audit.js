/**
 * Whether a refusal is noted: of those in one minute the first sixty are, as whoever sends wrong passwords could fill the
 * disk with them.
 */
function refusal(r) {
  try {
    return ngx.shared.audit.incr(String(Math.floor(Date.now() / 60000)), 1, 0) <= 60 ? "1" : "";
  } catch (error) {
    r.error(`audit: ${error.message}`);
    return "1";
  }
}

export default { refusal };
