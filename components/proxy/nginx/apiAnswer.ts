/** The header by which clients know a registry; nginx adds none of the server block where a location adds one. */
export const apiVersionHeader = "add_header Docker-Distribution-Api-Version registry/2.0";

const nextLine = "\n      ";

/**
 * The end of a location, or of an `if` in one: an error in the format of the registry API, which clients print. The
 * first line is not indented.
 *
 * @param retryAfter Seconds after which a client may try again.
 */
export function apiAnswer(status: number, code: string, text: string, retryAfter?: number): string {
  const body = JSON.stringify({ errors: [{ code, message: text }] });
  const answer = `return ${status} '${body}';`;
  return retryAfter === undefined ? answer : `${retryHeaders(retryAfter)}${nextLine}${answer}`;
}

/** The headers of an answer that has a time to try again, where several answers share them. */
export function retryHeaders(seconds: number): string {
  return [`${apiVersionHeader} always;`, `add_header Retry-After ${seconds} always;`].join(nextLine);
}
