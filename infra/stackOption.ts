/** What chooses a stack at the end of a command, with the space before it: nothing for `dev`, which is meant anyway. */
export function stackOption(stack: string): string {
  return stack === "dev" ? "" : ` --stack ${stack}`;
}

/** The engine as a user types it for a stack. */
export function engineFor(stack: string): string {
  return `npm run -s pulumi --${stackOption(stack)}`;
}
