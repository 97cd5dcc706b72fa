import { isTextMap, quoted, quotedList } from "../base/values";
import { userChoiceProblem } from "./consumerProblems";

/** One user's login to one registry. */
export interface Login {
  /** Login name. */
  readonly username: string;
  /** Its password. */
  readonly password: string;
}

/** What a registry's outputs hold of logins: a `config.json`, or passwords by user. */
export interface LoginSource {
  readonly dockerConfigJson?: unknown;
  readonly credentials?: unknown;
  readonly user?: string;
}

/** The login, or why there is none: the text of a problem, which never shows what may be a secret. */
export function readLogin(endpoint: string, source: LoginSource): Login | string {
  return source.credentials === undefined
    ? fromConfigJson(endpoint, source.dockerConfigJson)
    : fromCredentials(source.credentials, source.user);
}

function fromConfigJson(endpoint: string, text: unknown): Login | string {
  const advice = "write the registry's output dockerConfigJson";
  if (text === undefined) return `dockerConfigJson: is missing; ${advice}`;
  if (typeof text !== "string") return `dockerConfigJson: is not text; ${advice}`;
  const config = parsed(text);
  if (config === undefined) return `dockerConfigJson: is not JSON; ${advice}`;
  const auths = isTextMap(config) ? config.auths : undefined;
  if (!isTextMap(auths)) return `dockerConfigJson: has no "auths", a map of logins; ${advice}`;
  const entry = Object.hasOwn(auths, endpoint) ? auths[endpoint] : undefined;
  if (entry === undefined) {
    const known = Object.keys(auths);
    const others = known.length === 0 ? "none at all" : `one for ${quotedList(known)}`;
    return `dockerConfigJson: has no login for the endpoint ${quoted(endpoint)}, but ${others}; ${advice} of the same registry`;
  }
  return (
    loginIn(entry) ??
    `dockerConfigJson: has no user name and password for ${quoted(endpoint)}, which a credential store may keep; ${advice}`
  );
}

/** Docker writes `auth`; Kubernetes and Podman read the two names beside it as well. */
function loginIn(entry: unknown): Login | undefined {
  if (!isTextMap(entry)) return undefined;
  const { auth, username, password } = entry;
  if (typeof auth === "string" && auth !== "") {
    const [, user = "", secret = ""] =
      /^([^:]+):(.+)$/s.exec(Buffer.from(auth, "base64").toString("utf8")) ?? [];
    return user === "" ? undefined : { username: user, password: secret };
  }
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  return isText(username) && isText(password) ? { username, password } : undefined;
}

function fromCredentials(credentials: unknown, user: string | undefined): Login | string {
  const users = isTextMap(credentials) ? Object.keys(credentials) : [];
  if (!isTextMap(credentials) || users.length === 0) {
    return "credentials: has no users; write the registry's output credentials, a map of user to password";
  }
  const username = user ?? (users.length === 1 ? users[0] : undefined);
  if (username === undefined || !users.includes(username)) return userChoiceProblem(user, users);
  const password = credentials[username];
  return typeof password === "string" && password !== ""
    ? { username, password }
    : `credentials: has no password for ${quoted(username)}; write the registry's output credentials`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
