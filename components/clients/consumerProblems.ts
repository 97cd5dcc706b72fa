import isFQDN from "validator/lib/isFQDN";
import { isIpAddress, portProblems } from "../base/hostnames";
import { hasControlCharacter, quoted, quotedList } from "../base/values";
import { readCertificates } from "../certificates/pem";
import { pathComponent, sha256Digest, sha512Digest, tag as tagPattern } from "../registry/grammar";

const REPOSITORY_PART = new RegExp(`^${pathComponent}$`);
const TAG = new RegExp(`^${tagPattern}$`);
const DIGEST = new RegExp(`^(?:${sha256Digest}|${sha512Digest})$`);

/** Longest repository name that every version of Docker takes, the registry's address and its slash included. */
const LONGEST_NAME = 255;

/** Problems of a registry's address as its output `endpoint` gives it. */
export function endpointProblems(argument: string, endpoint: unknown): string[] {
  const advice = 'write the registry\'s output endpoint, such as "registry.example.com:5000"';
  if (typeof endpoint !== "string" || endpoint.trim() === "") {
    return [`${argument}: ${missing(endpoint)}; ${advice}`];
  }
  const fails = (what: string, instead = advice) => [`${argument}: ${quoted(endpoint)} ${what}; ${instead}`];
  const bare = endpoint.replace(/^.*:\/\//, "").replace(/\/.*$/, "");
  if (endpoint.includes("://")) return fails("has a scheme in it", `write ${quoted(bare)}`);
  if (endpoint.includes("/")) return fails("has a path in it", `write ${quoted(bare)}`);
  const [, host = "", port] = /^(\[.*\]|[^:]*)(?::(.*))?$/.exec(endpoint) ?? [];
  if (!isHost(host)) return fails("is not a registry's address");
  if (port === undefined) {
    return /[.:]/.test(host) || host === "localhost"
      ? []
      : fails("has neither a dot nor a port, so that Docker takes it for a repository of Docker Hub");
  }
  if (port === "443")
    return fails("has port 443, which Docker takes for another registry", `write ${quoted(host)}`);
  return /^\d+$/.test(port) ? portProblems(argument, Number(port)) : fails("is not a registry's address");
}

/** Problems of the authority's PEM. Absent or empty is fine: a public authority. */
export function caCertificateProblems(argument: string, pem: unknown): string[] {
  if (pem === undefined || pem === "") return [];
  return typeof pem === "string"
    ? [...readCertificates(argument, pem).problems]
    : [`${argument}: is not text; write the registry's output caCertificate`];
}

/** Problems of an image as named within one registry: repository, and tag or digest. */
export function imageInRegistryProblems(argument: string, image: unknown, endpoint: string): string[] {
  const example = 'write a repository and a tag or digest, such as "team/app:1"';
  if (typeof image !== "string" || image.trim() === "") {
    return [`${argument}: ${missing(image)}; ${example}`];
  }
  const fails = (what: string, instead = example) => [`${argument}: ${quoted(image)} ${what}; ${instead}`];
  if (hasControlCharacter(image) || image.includes(" "))
    return fails("has a space or control character in it");
  if (image.includes("://")) return fails("has a scheme in it");
  const [first = "", ...rest] = image.split("/");
  // What Docker takes for a registry: distribution/reference, `splitDockerDomain`.
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost" || first === endpoint)) {
    return fails(`has a registry, ${quoted(first)}, in it`, `write ${quoted(rest.join("/"))}`);
  }
  const [, repository = "", tag, digest] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(image) ?? [];
  const problems: string[] = [];
  if (/[A-Z]/.test(repository)) {
    const lower = `${repository.toLowerCase()}${image.slice(repository.length)}`;
    problems.push(...fails("has upper case letters in its repository", `write ${quoted(lower)}`));
  } else if (!repository.split("/").every((part) => REPOSITORY_PART.test(part))) {
    problems.push(
      ...fails(
        "has no legal repository",
        "write lower case letters and digits, with single . _ or any - between them, and / between the parts",
      ),
    );
  }
  if (`${endpoint}/${repository}`.length > LONGEST_NAME) {
    const most = LONGEST_NAME - endpoint.length - 1;
    problems.push(`${argument}: has a repository of ${repository.length} characters; write ${most} or fewer`);
  }
  if (tag !== undefined && !TAG.test(tag)) {
    const rule = "write letters, digits and _ . - only, neither . nor - first, 128 characters at most";
    problems.push(...fails(`has ${quoted(tag)} for a tag`, rule));
  }
  if (digest !== undefined && !DIGEST.test(digest)) {
    const rule = 'write "sha256:" and 64 of 0-9 a-f, or "sha512:" and 128';
    problems.push(...fails(`has ${quoted(digest)} for a digest`, rule));
  }
  return problems;
}

/** Problems of which arguments were given for the login: one source, and a user for `credentials` alone. */
export function loginSourceProblems(given: {
  readonly dockerConfigJson?: unknown;
  readonly credentials?: unknown;
  readonly user?: string;
}): string[] {
  const [json, credentials] = [given.dockerConfigJson !== undefined, given.credentials !== undefined];
  if (json && credentials) return ["credentials: comes with dockerConfigJson; leave one of them out"];
  if (!json && !credentials) {
    return ["dockerConfigJson: is missing; write the registry's output dockerConfigJson, or credentials"];
  }
  return json && given.user !== undefined
    ? [`user: ${quoted(given.user)} is for credentials, and dockerConfigJson has its own; leave it out`]
    : [];
}

/** Problem of the user whose login `credentials` is to give, among the users there are. */
export function userChoiceProblem(user: string | undefined, users: readonly string[]): string {
  const what = user === undefined ? "is missing" : `${quoted(user)} is not one of credentials`;
  return `user: ${what}; write one of ${quotedList(users)}`;
}

function isHost(host: string): boolean {
  const inBrackets = /^\[(.*)\]$/.exec(host)?.[1];
  if (inBrackets !== undefined) return inBrackets.includes(":") && isIpAddress(inBrackets);
  return host === host.toLowerCase() && (isIpAddress(host) || isFQDN(host, { require_tld: false }));
}

function missing(value: unknown): string {
  if (value === undefined || value === null) return "is missing";
  return typeof value === "string" ? "is empty" : "is not text";
}
