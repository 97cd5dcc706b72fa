import { CertificateSource, Front } from "../enums";
import { hasProxy, hasTls } from "../fronts";
import type { PrivateRegistryArgs } from "../privateRegistryArgs";
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
    ...sourceProblems(args, front),
  ];
}

function sourceProblems({ certificateSource: source }: PrivateRegistryArgs, front: Front): string[] {
  if (front === Front.Direct && source === CertificateSource.Acme) {
    return [
      'certificateSource: "acme" is for nginx, which takes a new certificate without a restart; write "nginx" in front, or another source',
    ];
  }
  return !hasTls(front) && source !== undefined && source !== CertificateSource.None
    ? [
        `certificateSource: front "${front}" is plain HTTP; leave it out, or write "nginx" or "direct" in front`,
      ]
    : [];
}
