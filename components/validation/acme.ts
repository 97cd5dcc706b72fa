import isEmail from "validator/lib/isEmail";
import isURL from "validator/lib/isURL";
import type { AcmeArgs } from "../args";
import { imageProblems } from "./containers";
import { isIpAddress, portProblems } from "./hostnames";
import { readCertificates } from "./pem";
import { quoted, wholeNumberProblems } from "./values";

/** Directory of Let's Encrypt, where none is given. */
export const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

/** Problems of the settings of an ACME server and its account. */
export function acmeProblems(acme: AcmeArgs, registryPort: number, argument = "acme"): string[] {
  const { email, directoryUrl, challengePort = 80, directoryCaPem, rootCaPem, image } = acme;
  return [
    ...(isEmail(email)
      ? []
      : [`${argument}.email: ${quoted(email)} is not an address; write one such as "admin@example.com"`]),
    ...(directoryUrl === undefined || isDirectory(directoryUrl)
      ? []
      : [
          `${argument}.directoryUrl: ${quoted(directoryUrl)} is not an HTTPS URL; write one such as ${quoted(letsEncrypt)}`,
        ]),
    ...portProblems(`${argument}.challengePort`, challengePort),
    ...(challengePort === registryPort
      ? [
          `${argument}.challengePort: ${challengePort} is the registry's own port; write another, or another in port`,
        ]
      : []),
    ...pemProblems(`${argument}.directoryCaPem`, directoryCaPem),
    ...pemProblems(`${argument}.rootCaPem`, rootCaPem),
    ...wholeNumberProblems(`${argument}.renewalDays`, acme.renewalDays, 1, 365),
    ...(image === undefined ? [] : imageProblems(`${argument}.image`, image)),
  ];
}

/** Problems of names that an ACME server cannot confirm by HTTP-01, or that Let's Encrypt refuses. */
export function acmeNameProblems(
  names: { readonly hostnames: readonly string[]; readonly extraSans?: readonly string[] },
  directoryUrl = letsEncrypt,
): string[] {
  const isPublic = /^https:\/\/[^/]*\.letsencrypt\.org\//.test(directoryUrl);
  return (["hostnames", "extraSans"] as const).flatMap((argument) =>
    (names[argument] ?? []).flatMap((name, index) => {
      const problem = nameProblem(name, isPublic);
      return problem === undefined ? [] : [`${argument}[${index}]: ${quoted(name)} ${problem}`];
    }),
  );
}

function nameProblem(name: string, isPublic: boolean): string | undefined {
  if (name.startsWith("*.")) {
    return "is a wildcard, which HTTP-01 cannot confirm; write each name, or get the certificate by DNS-01 and give it as ownCertificate";
  }
  if (isPublic && (isIpAddress(name) || !name.includes("."))) {
    return "is no name of the public DNS, and Let's Encrypt issues for those alone; write such a name, or another directory in acme.directoryUrl";
  }
  return undefined;
}

function isDirectory(url: string): boolean {
  return isURL(url, {
    protocols: ["https"],
    require_protocol: true,
    require_tld: false,
    allow_fragments: false,
  });
}

function pemProblems(argument: string, pem: string | undefined): readonly string[] {
  return pem === undefined ? [] : readCertificates(argument, pem).problems;
}
