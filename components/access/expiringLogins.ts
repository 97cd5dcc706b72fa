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

/** What is said of each of them. */
export function expiryLines(users: readonly AccessUserArgs[], now = new Date()): string[] {
  const today = dayAfter(now, 0);
  return Object.entries(expiringLogins(users, now)).map(([name, day]) =>
    day < today ? `the login of ${name} expired on ${day}` : `the login of ${name} expires after ${day}`,
  );
}

function dayAfter(now: Date, days: number): string {
  return new Date(now.getTime() + days * dayInMilliseconds).toISOString().slice(0, 10);
}
