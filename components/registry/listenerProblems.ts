import { hasControlCharacter, quoted } from "../base/values";

/** Longest realm in characters; clients show it in a prompt. */
const LONGEST_REALM = 128;

/** TLS of a listener, and whose certificates clients must present to it. */
interface ListenerTls {
  readonly certificateChainPem?: unknown;
  readonly certificateVolumeName?: unknown;
  readonly clientCaCertificatesPem?: unknown;
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

/** Problems of certificates for clients where there is no TLS to ask for them. */
export function clientCaProblems(args: ListenerTls, argument: string): string[] {
  return args.clientCaCertificatesPem === undefined ||
    (args.certificateChainPem ?? args.certificateVolumeName) !== undefined
    ? []
    : [`${argument}: is for TLS, and there is no certificate; give certificateChainPem, or leave it out`];
}
