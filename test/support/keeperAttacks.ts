// What a hostile client asks of the keeper's addresses.
import { verbs } from "../../components/keeper/program/request";

export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** The id of a request that nobody has made. */
export const nobodys = "0".repeat(32);

/** Bodies that the keeper never sees. */
export const refused: { readonly [title: string]: string } = {
  nothing: "",
  "no JSON": "{",
  "a text": '"list"',
  "a list": "[]",
  null: "null",
  "a field of another kind": '{"repository":["team/app"]}',
  "a verb of its own": '{"verb":"delete"}',
  "a user of its own": '{"user":"build.bot@example"}',
  "the prototype": '{"__proto__":{"user":"x"}}',
  "the constructor": '{"constructor":1}',
  "a path as repository": '{"repository":"../../etc"}',
  "an absolute path": '{"repository":"/etc/passwd"}',
  "a repository in capitals": '{"repository":"Team/app"}',
  "a repository with an end of line": '{"repository":"team/app\\n"}',
  "a repository with a NUL": '{"repository":"team/app\\u0000"}',
  "a repository that is too long": JSON.stringify({ repository: "a".repeat(256) }),
  "an empty repository": '{"repository":""}',
  "a tag with a slash": '{"tag":"a/b"}',
  "a tag that is too long": JSON.stringify({ tag: "a".repeat(129) }),
  "a tag that is an option": '{"tag":"-rf"}',
  "a digest that is too short": '{"digest":"sha256:abc"}',
  "a digest in capitals": JSON.stringify({ digest: digest.toUpperCase().replace("SHA", "sha") }),
  "a digest of an unknown algorithm": JSON.stringify({ digest: digest.replace("256", "999") }),
  "a flag as text": '{"flags":"json"}',
  "an unknown flag": '{"flags":["force"]}',
  "a flag that is none": '{"flags":[{}]}',
  "too many flags": JSON.stringify({ flags: [...knownFlags(), "json"] }),
};

/** Spellings of addresses that lead nowhere. */
export const strange = [
  "/_keeper",
  "/_keeper/",
  "/_keeper/list/",
  "/_keeper/List",
  "/_keeper/answers",
  "/_keeper/answers/",
  `/_keeper/answers/${nobodys}0`,
  `/_keeper/answers/${nobodys}/`,
  `/_keeper/answers/${nobodys}/text`,
  "/_keeper/answers/..",
  "/_keeper/answers/%2e%2e%2frequests",
  "/_keeper/answers/../list",
  "/_keeper//list",
  "/_keeper/./list",
  "/_keeper/%6cist",
  "/_keeper%2flist",
  "/%5fkeeper/list",
  "/v2/../_keeper/list",
  "//_keeper/list",
  `/_answers/${nobodys}/text`,
  `/_failures/${nobodys}/json`,
];

/** Each flag that some verb takes. */
function knownFlags(): Set<string> {
  return new Set(Object.values(verbs).flatMap(({ flags }) => flags));
}
