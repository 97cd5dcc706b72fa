import { quoted, quotedList } from "../../base/values";
import * as grammar from "../../registry/grammar";
import { Refusal } from "./job";

/** What a person may ask the keeper for, and with which flags. */
export const verbs = {
  list: { flags: ["json"], names: "nothing" },
  tags: { flags: ["json"], names: "repository" },
  show: { flags: ["json"], names: "reference" },
  delete: { flags: ["json", "digest", "apply"], names: "reference" },
  restore: { flags: ["json"], names: "reference" },
  retention: { flags: ["json", "apply"], names: "nothing" },
  collect: { flags: ["json", "dry-run"], names: "nothing" },
  report: { flags: ["json"], names: "nothing" },
  verify: { flags: ["json"], names: "repository or nothing" },
  audit: { flags: ["json", "refused"], names: "repository or nothing" },
  backup: { flags: ["json"], names: "nothing" },
  repair: { flags: ["json"], names: "nothing" },
} as const;

export type Verb = keyof typeof verbs;

/** A request that can be taken at its word: all that is in it has the right form. */
export interface Request {
  readonly verb: Verb;
  /** Who asks, as the proxy knows them. */
  readonly user: string;
  readonly repository?: string;
  readonly tag?: string;
  readonly digest?: string;
  /** Of the audit, whose deeds, and from which day on. */
  readonly by?: string;
  readonly since?: string;
  readonly flags: readonly string[];
}

type Fields = { readonly [key: string]: unknown };

const keys = ["verb", "user", "repository", "tag", "digest", "by", "since", "flags"];

/** A component of a name is a folder, and a folder's name has at most 255 characters; so has a reference in clients. */
const LONGEST_REPOSITORY = 255;
/** As for the users of the stack. */
const user = whole(grammar.userName);
const day = whole(grammar.day);
const repositoryName = whole(grammar.repositoryName);
const tagName = whole(grammar.tag);
const digestForm = whole(`(?:${grammar.sha256Digest}|${grammar.sha512Digest})`);

/**
 * Checks the text of a request, which may be anything: the keeper does what no client of the registry can, and does not
 * rely on the proxy for it.
 * @throws Refusal with one sentence for the person who asked
 */
export function checkedRequest(text: string): Request {
  const fields = fieldsOf(text);
  checkKeys(fields);
  const request = {
    verb: verbOf(fields.verb),
    user: textOf(fields, "user", user) ?? refuse('"user" is missing'),
    repository: repositoryOf(fields),
    tag: textOf(fields, "tag", tagName),
    digest: textOf(fields, "digest", digestForm),
    by: textOf(fields, "by", user),
    since: textOf(fields, "since", day),
    flags: flagsOf(fields.flags),
  };
  checkFlags(request);
  checkNames(request);
  return request;
}

/** Who asked, if at least that can be read in a request that makes no sense otherwise. */
export function requester(text: string): string | undefined {
  try {
    return textOf(fieldsOf(text), "user", user);
  } catch {
    return undefined;
  }
}

function fieldsOf(text: string): Fields {
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse("the request is not a JSON object");
  }
  return { ...value };
}

function checkKeys(fields: Fields): void {
  const unknown = Object.keys(fields).find((key) => !keys.includes(key));
  if (unknown !== undefined) refuse(`the request has ${shown(unknown)}, which means nothing here`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("the request is not JSON");
  }
}

function verbOf(value: unknown): Verb {
  const known = Object.keys(verbs).filter(isVerb);
  return (
    known.find((verb) => verb === value) ??
    refuse(`${shown(value)} is nothing that the keeper does; write one of ${known.join(", ")}`)
  );
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}

function textOf(fields: Fields, key: string, form: RegExp): string | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (typeof value === "string" && form.test(value)) return value;
  return refuse(`${shown(value)} is not a ${key}`);
}

function repositoryOf(fields: Fields): string | undefined {
  const repository = textOf(fields, "repository", repositoryName);
  if (repository === undefined || repository.length <= LONGEST_REPOSITORY) return repository;
  return refuse(`the repository's name has more than ${LONGEST_REPOSITORY} characters`);
}

function flagsOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return refuse(`"flags" is not a list`);
  return value.map((flag) => (typeof flag === "string" ? flag : refuse(`${shown(flag)} is not a flag`)));
}

function checkFlags({ verb, flags }: Request): void {
  const known: readonly string[] = verbs[verb].flags;
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown !== undefined) {
    refuse(`${verb} knows no flag ${shown(unknown)}; there is ${quotedList(known)}`);
  }
  if (new Set(flags).size < flags.length) refuse("the request has a flag twice");
}

function checkNames({ verb, repository, tag, digest, by, since }: Request): void {
  if (verb !== "audit" && (by ?? since) !== undefined) refuse(`${verb} knows neither "by" nor "since"`);
  const { names } = verbs[verb];
  const reference = [tag, digest].filter((part) => part !== undefined).length;
  if (names === "reference") {
    if (repository === undefined) refuse(`${verb} needs a repository`);
    if (reference !== 1) refuse(`${verb} needs either a tag or a digest`);
    return;
  }
  if (names === "repository" && repository === undefined) refuse(`${verb} needs a repository`);
  if (names === "nothing" && repository !== undefined) refuse(`${verb} is about no single repository`);
  if (reference > 0) refuse(`${verb} is about no single tag or digest`);
}

function whole(source: string): RegExp {
  return new RegExp(`^(?:${source})$`);
}

/** A value that may be anything, short and on one line. */
function shown(value: unknown): string {
  const text = quoted(
    typeof value === "string" ? value.slice(0, 80) : (JSON.stringify(value) ?? "").slice(0, 80),
  );
  return value === undefined ? "nothing" : text;
}

function refuse(sentence: string): never {
  throw new Refusal(sentence);
}
