import isURL from "validator/lib/isURL";
import { quoted } from "../base/values";
import { extraAuthoritiesProblems } from "../certificates/ownAuthorityProblems";
import type { OutgoingArgs } from "./args";

/** Problems that show without knowing a secret. */
export function outgoingProblems(outgoing: OutgoingArgs, argument = "outgoing"): string[] {
  const { proxy, proxyExceptions = [] } = outgoing;
  return [
    ...(proxyExceptions.length > 0 && proxy === undefined
      ? [`${argument}.proxyExceptions: is given without proxy; set that too, or remove this`]
      : []),
    ...proxyExceptions.flatMap((exception, index) =>
      /^[A-Za-z0-9.:*_/-]+$/.test(exception)
        ? []
        : [
            `${argument}.proxyExceptions[${index}]: ${quoted(exception)} is neither a name nor an address; ` +
              'write one such as "registry.example.com", ".example.com" or "10.0.0.0/8"',
          ],
    ),
  ];
}

/** Problems of those values that may be secret, once they are known. A proxy is never shown: it may have a password. */
export function knownOutgoingProblems(
  outgoing: { readonly proxy?: string; readonly caCertificatesPem?: string },
  now: Date,
  argument = "outgoing",
): string[] {
  const { proxy, caCertificatesPem } = outgoing;
  const isProxy = (text: string) =>
    isURL(text, {
      protocols: ["http", "https"],
      require_protocol: true,
      require_tld: false,
      allow_fragments: false,
      allow_query_components: false,
    });
  return [
    ...(proxy === undefined || isProxy(proxy)
      ? []
      : [`${argument}.proxy: is no URL of a proxy; write one such as "http://proxy.example.com:3128"`]),
    ...(caCertificatesPem === undefined
      ? []
      : extraAuthoritiesProblems(caCertificatesPem, now, `${argument}.caCertificatesPem`)),
  ];
}
