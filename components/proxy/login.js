import crypto from "crypto";
import fs from "fs";

/** The name of the verdict about a login. */
function verdict(request) {
  const hmac = crypto.createHmac("sha256", fs.readFileSync("/tmp/verdict.key"));
  return hmac.update(request.variables.http_authorization).digest("hex");
}

/**
 * Whether a refusal is noted: of those in one minute the first sixty are, as whoever sends wrong passwords could fill the
 * disk with them.
 */
function refusal(request) {
  try {
    return ngx.shared.audit.incr(String(Math.floor(Date.now() / 60000)), 1, 0) <= 60 ? "1" : "";
  } catch (error) {
    request.error(`audit: ${error.message}`);
    return "1";
  }
}

export default { verdict, refusal };
