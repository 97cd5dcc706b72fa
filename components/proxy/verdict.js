import crypto from "crypto";
import fs from "fs";

function name(request) {
  const hmac = crypto.createHmac("sha256", fs.readFileSync("/tmp/verdict.key"));
  return hmac.update(request.variables.http_authorization).digest("hex");
}

export default { name };
