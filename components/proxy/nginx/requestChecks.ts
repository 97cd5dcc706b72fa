import { inQuery, queryKeys } from "../../registry/grammar";
import type { Feature } from "./feature";

const value = "[A-Za-z0-9._~:/+,=@-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~:/+,=@-]*)*";
/** What RFC 3986 has in a query, but for the percent sign. */
const legal = "[A-Za-z0-9._~!$&'()*+,;=:@/?-]";

/** Where a part of a query begins and ends. They take no characters, so that PCRE looks for the first letter at once. */
const first = "(?<![^&])";
const last = "(?![^&])";

/** The only keys of a query that reach the registry. */
const known = queryKeys.join("|");
/** Each key as Go reads it: any of its letters may be encoded. */
const spelled = queryKeys.map((key) => [...key].map(spellings).join("")).join("|");

/** A part of a query, not refused, that is none of those. */
export const unknownArgument = `(?!(?:${known})=)[^&# ]*`;

/**
 * nginx decodes and matches paths and queries differently from the registry: what the two might read
 * differently is refused before authorisation. Of the query only arguments that are known go to the registry, in a query
 * that is made anew: clients add others, such as crane its `origin`, and those are dropped.
 *
 * `$refused` is for the entrance to act upon, `$registry_uri` is what is passed on. Names of arguments are asked for in
 * `$args`, because `$arg_from` is `From` as well.
 *
 * @param mount The arguments by which an upload may begin with another repository's blob.
 */
export function requestChecksFor(mount = "$start_mount$start_from"): Feature {
  return {
    http: `
  map $request_uri $path_refused {
    default 1;
    "~^/(\\?|$)" 0;
    "~^(/(?!\\.{1,2}(/|\\?|$))[A-Za-z0-9._:+-]+)+/?(\\?|$)" 0;
  }
  map $args $query_refused {
    default 1;
    "" 0;
    "~(?:(?<=;)|${first}(?!(?:${known})=${value}${last}))(?:${spelled})(?![^=&;])" 1;
    "~${first}(${known})=.*&\\1=" 1;
    "~^${legal}*(?:%[0-9A-Fa-f]{2}${legal}*)*$" 0;
  }
  map $path_refused$query_refused $refused {
    default 1;
    00 0;
  }
${queryKeys.map((key) => argument(key, "[^&]*")).join("")}
  # Starting an upload may name another repository's blob.
${argument("mount", inQuery.digest, "start_mount")}${argument("from", inQuery.repositoryName, "start_from")}${argument("digest", inQuery.digest, "start_digest")}
  map $request_uri $arguments {
    default "";
    "~^[^?]+/blobs/uploads/\\?" ${mount}$start_digest;
    "~\\?" ${queryKeys.map((key) => `$argument_${key}`).join("")};
  }
  map $arguments $registry_query {
    default "";
    "~^&(?<checked>.*)$" ?$checked;
  }
  # The path as it came, also after nginx has led the request elsewhere.
  map $request_uri $registry_uri {
    "~^(?<path>[^?]*)" $path$registry_query;
  }
  # Docker up to 1.5 speaks another protocol.
  map $http_user_agent $obsolete_client {
    default 0;
    "~^(docker/1\\.(3|4|5(?!\\.[0-9]-dev))|Go )" 1;
  }
`,
    server: `
    if ($obsolete_client) {
      return 404;
    }
`,
  };
}

export const requestChecks = requestChecksFor();

/** A map from the query to one of its arguments, if it has this form. */
function argument(key: string, form: string, variable = `argument_${key}`): string {
  return `  map $args $${variable} {
    default "";
    "~${first}${key}=(?<${variable}_value>${form})${last}" &${key}=$${variable}_value;
  }
`;
}

/** An expression for all that is read as this letter. */
function spellings(letter: string): string {
  const code = letter.charCodeAt(0).toString(16);
  return `(?:${letter}|%${code.replace(/[a-f]/, (digit) => `[${digit}${digit.toUpperCase()}]`)})`;
}
