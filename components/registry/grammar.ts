/**
 * What the distribution API calls things by: the grammar of names, tags, digests, upload ids and queries, of
 * distribution/reference (`regexp.go`) and its routes (`registry/api/v2`).
 *
 * Each constant is the source of a regular expression without anchors or named groups. None has a backslash, quote,
 * dollar sign or space, so that it means the same to JavaScript, to PCRE, in an nginx text in double quotes and in a
 * rule of ModSecurity.
 */

/** A part of a repository's name between slashes. */
export const pathComponent = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";

/** The name of a repository within one registry. */
export const repositoryName = `${pathComponent}(?:/${pathComponent})*`;

export const tag = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";

const digestAlgorithm = "[A-Za-z0-9+._-]+";

/** Whatever has the form of a digest, of any algorithm and length: the registry knows which there are. */
export const anyDigest = `${digestAlgorithm}:[A-Fa-f0-9]+`;

/** A digit of a digest of the algorithms there are. */
export const hexDigit = "[0-9a-f]";

export const sha256Digest = `sha256:${hexDigit}{64}`;
export const sha512Digest = `sha512:${hexDigit}{128}`;

/** The id of an upload as the registry makes it: a UUID. */
export const uploadId = "[0-9a-f-]{36}";

/** The id of an upload as the API allows it: the registry's routes take more than it makes. */
export const anyUploadId = "[A-Za-z0-9._=-]*";

/** The state of an upload in a query, which the registry signs: base64url. */
export const uploadState = "[A-Za-z0-9_=-]+";

/** The name of a user. */
export const userName = "[A-Za-z0-9][A-Za-z0-9._@-]{0,127}";

/** A day, such as 2027-01-31. */
export const day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";

/** Host and port of the registry that a mirror stands for. */
export const upstreamHost = "[A-Za-z0-9.-]+(?::[0-9]+)?";

/** The arguments of the API in queries. */
export const queryKeys = ["digest", "mount", "from", "n", "last", "_state", "artifactType", "ns"] as const;

export type QueryKey = (typeof queryKeys)[number];

/** Arguments as a client may write them in a query, where punctuation may be encoded. */
export const inQuery = {
  digest: `${digestAlgorithm}(?::|%3[Aa])${hexDigit}{32,128}`,
  /** Looser than a name: what no repository is called the registry does not find. */
  repositoryName: "(?:[a-z0-9._/-]|%2[Ff])+",
  uploadState: "(?:[A-Za-z0-9_=-]|%3[Dd])+",
  /** Looser, too: only its characters. */
  upstreamHost: "(?:[A-Za-z0-9.:-]|%3[Aa])+",
};
