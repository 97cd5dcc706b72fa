import { hasControlCharacter, quoted } from "./values";

export {
  imageProblems,
  instanceNameProblems,
  labelProblems,
  logRotationProblems,
  resourceProblems,
} from "./containers";
export { storageProblems } from "./storage";

/** Longest realm in characters; clients show it in a prompt. */
const LONGEST_REALM = 128;

/**
 * Problems of the time zone of the containers: `UTC`, or a name with a region of the IANA data base.
 * Names without region are refused, because they mislead: Node takes `CST` for Chicago.
 */
export function timeZoneProblems(zone: string, argument = "timeZone"): string[] {
  const isWellFormed = zone === "UTC" || /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)+$/.test(zone);
  return isWellFormed && isKnownZone(zone)
    ? []
    : [
        `${argument}: ${quoted(zone)} is not a time zone; ` +
          'write "UTC" or a name of the IANA list such as "Asia/Shanghai", with its capitals',
      ];
}

/**
 * Problems of the realm, the text clients may show when they ask for a password. nginx reads `$` in it
 * as a variable, and the realm `off` as "no authentication" (ngx_http_auth_basic_module).
 */
export function realmProblems(realm: string, argument = "realm"): string[] {
  if (realm.trim() === "") {
    return [`${argument}: is empty; write a text such as "Private registry"`];
  }
  if (realm === "off") {
    return [
      `${argument}: "off" would switch the login off in nginx; write a text such as "Private registry"`,
    ];
  }
  if (/["\\$]|[^\p{ASCII}]/u.test(realm) || hasControlCharacter(realm)) {
    return [
      `${argument}: ${quoted(realm)} has a character that a realm cannot have; write ASCII without " \\ $`,
    ];
  }
  return realm.length > LONGEST_REALM
    ? [`${argument}: has ${realm.length} characters; write ${LONGEST_REALM} at most`]
    : [];
}

/** Problems of nginx text of the caller's own. What it means is nginx's to judge, before it is used. */
export function proxySnippetProblems(snippet: string, argument = "proxySnippet"): string[] {
  if (snippet.trim() === "") {
    return [`${argument}: is empty; write nginx directives, or leave it out`];
  }
  return snippet.includes("\0")
    ? [`${argument}: has a NUL character in it, where nginx stops reading; take it out`]
    : [];
}

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
