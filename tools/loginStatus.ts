import type { AccessUserArgs } from "../components/access/args";
import type { Snapshot } from "./state";

/** Users of an instance, with the ends of their logins, as the state has them among the arguments of its proxy. */
export function declaredUsers(snapshot: Snapshot | undefined, instance: string): AccessUserArgs[] {
  const proxy = snapshot?.resources.find(
    ({ type, inputs }) => type === "private-registry:index:RegistryProxy" && inputs?.instance === instance,
  );
  const users: unknown = proxy?.inputs?.users;
  return Array.isArray(users) ? users.filter(isUser) : [];
}

function isUser(value: unknown): value is AccessUserArgs {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
