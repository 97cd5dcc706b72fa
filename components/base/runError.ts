import * as pulumi from "@pulumi/pulumi";

/** An error of which Pulumi prints the message alone. */
export function runError(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  // The SDK hands the error to util.inspect with colours, which never ends on Node 20.20 if a line of the
  // stack names node_modules: the program ran out of memory after 30 s.
  error.stack = message;
  // Newer SDKs put the name of each property that waited for it in front of the message, one before the other.
  Object.defineProperty(error, "message", { get: () => message, set: () => {} });
  return error;
}
