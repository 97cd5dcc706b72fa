import type { AccessUserArgs } from "./args";

/** Days before the end of a login from which on every `up` tells of it. */
const warningDays = 30;

const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** Users whose login is over, or will be within 30 days, to its last day. */
export function expiringLogins(
  users: readonly AccessUserArgs[],
  now = new Date(),
): { readonly [user: string]: string } {
  const soon = dayAfter(now, warningDays);
  return Object.fromEntries(
    users.flatMap(({ name, expires }) => (expires === undefined || expires > soon ? [] : [[name, expires]])),
  );
}

/** What is said of each of them, and what to do. */
export function expiryLines(users: readonly AccessUserArgs[], now = new Date()): string[] {
  const today = dayAfter(now, 0);
  return Object.entries(expiringLogins(users, now)).map(([name, day]) =>
    [
      `the login of ${name} ${day < today ? `expired on ${day}` : `expires after ${day}`}`,
      "write a later day in expires, or take the user out",
    ].join(": "),
  );
}

function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * dayInMilliseconds).toISOString().slice(0, 10);
}
