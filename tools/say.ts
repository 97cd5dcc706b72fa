/**
 * Tells the user something. On standard error, because standard output belongs to what was asked for:
 * `npm run -s show -- caCertificate > ca.crt` must give a clean file.
 */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** An expected failure: shown as its message alone, without a stack trace. The message says what to do. */
export function problem(message: string): Error {
  return Object.assign(new Error(message), { expected: true });
}

/** Whether `error` was made by `problem`. */
export function isProblem(error: unknown): error is Error {
  return error instanceof Error && "expected" in error;
}
