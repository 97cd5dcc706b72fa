import { CertificateSource, Front } from "../enums";
import { hasProxy, hasTls, servesCertificate } from "../fronts";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import { externalFrontProblems } from "./external";
import { choiceProblems } from "./values";

/** Arguments that are nginx's to honour. */
const OF_PROXY = ["proxySnippet", "proxyServesBlobs", "limits", "proxyImage", "proxyResources"] as const;

/** Arguments that make no sense without TLS. */
const OF_TLS = [
  "extraSans",
  "certificate",
  "caGeneration",
  "caRetiredGeneration",
  "keepGeneratedAuthority",
  "ownAuthority",
  "ownCertificate",
  "extraCaCertificatesPem",
  "requireClientCertificates",
  "acme",
] as const;

/** Those of them that are about clients, who reach an external front by TLS in any case. */
const OF_CLIENTS = ["extraCaCertificatesPem", "requireClientCertificates"] as const;

/** Problems of the front, and of arguments that the chosen one cannot honour. */
export function frontProblems(args: PrivateRegistryArgs): string[] {
  const front = args.front ?? Front.Nginx;
  const choices = choiceProblems("front", front, Object.values(Front));
  if (choices.length > 0) {
    return choices;
  }
  const given = (names: readonly (keyof PrivateRegistryArgs)[]) =>
    names.filter((name) => args[name] !== undefined);
  return [
    ...(hasProxy(front) ? [] : given(OF_PROXY)).map(
      (name) => `${name}: is for nginx, and front is "${front}"; leave it out, or write "nginx" in front`,
    ),
    ...(hasTls(front) ? [] : given(OF_TLS)).map(
      (name) =>
        `${name}: is for TLS, and front "${front}" is plain HTTP; leave it out, or write "nginx" or "direct" in front`,
    ),
    ...externalProblems(args, front),
    ...(args.waf !== undefined && front !== Front.Waf
      ? [`waf: is for the front "waf", and front is "${front}"; leave it out, or write "waf" in front`]
      : []),
    ...sourceProblems(args, front),
  ];
}

function externalProblems(args: PrivateRegistryArgs, front: Front): string[] {
  const { external } = args;
  if (front !== Front.External) {
    return external === undefined
      ? []
      : [
          `external: is for the front "external", and front is "${front}"; leave it out, or write "external" in front`,
        ];
  }
  if (external === undefined) {
    return [
      'external: is missing; front "external" needs the addresses of your load balancer: trustedAddresses: ["192.0.2.7"]',
    ];
  }
  const unused = servesCertificate(args)
    ? []
    : OF_TLS.filter((name) => !OF_CLIENTS.some((other) => other === name) && args[name] !== undefined);
  return [
    ...externalFrontProblems(external),
    ...(args.requireClientCertificates
      ? [
          'requireClientCertificates: is for a front that clients reach by TLS themselves, and front is "external"; leave it out',
        ]
      : []),
    ...unused.map(
      (name) =>
        `${name}: is for TLS, and external.encrypted is false; leave it out, or take out external.encrypted`,
    ),
  ];
}

function sourceProblems(args: PrivateRegistryArgs, front: Front): string[] {
  const { certificateSource: source } = args;
  if (front === Front.Direct && source === CertificateSource.Acme) {
    return [
      'certificateSource: "acme" is for nginx, which takes a new certificate without a restart; write "nginx" in front, or another source',
    ];
  }
  if (servesCertificate(args) || source === undefined || source === CertificateSource.None) {
    return [];
  }
  return [
    hasTls(front)
      ? 'certificateSource: is for TLS, and external.encrypted is false; leave it out, or write "none"'
      : `certificateSource: front "${front}" is plain HTTP; leave it out, or write "nginx" or "direct" in front`,
  ];
}
