const nextLine = "\n      ";

/**
 * The headers of every answer of the API: that by which clients know a registry, and those by which a browser neither
 * guesses what a pushed file is nor runs anything in it. nginx adds none of the server block where a location adds one.
 */
export const apiHeaders = [
  "add_header Docker-Distribution-Api-Version registry/2.0 always;",
  "add_header X-Content-Type-Options nosniff always;",
  "add_header Content-Security-Policy sandbox always;",
].join(nextLine);

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

/**
 * A location's answer in the format of the registry API that is in this file, written by others. It is given whole and
 * kept by nobody, whatever a request asks for. The first line is not indented.
 */
export function fileAnswer(path: string): string {
  return [
    `alias ${path};`,
    "types {}",
    "default_type application/json;",
    "etag off;",
    "max_ranges 0;",
    "if_modified_since off;",
    'add_header Last-Modified "";',
    apiHeaders,
  ].join(nextLine);
}

/** The headers of an answer that has a time to try again, where several answers share them. */
export function retryHeaders(seconds: number): string {
  return [apiHeaders, `add_header Retry-After ${seconds} always;`].join(nextLine);
}
