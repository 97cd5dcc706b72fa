import isEmail from "validator/lib/isEmail";
import isURL from "validator/lib/isURL";
import { bindAddressProblems, hostnameProblems, isIpAddress, portProblems } from "../../base/hostnames";
import { subnetProblems } from "../../base/networks";
import { given, hasControlCharacter, quoted, wholeNumberProblems } from "../../base/values";
import { instanceNameProblems, labelProblems, logRotationProblems } from "../../docker/problems";
import { outgoingProblems } from "../../outgoing/problems";
import { readCertificates } from "../pem";
import type { AcmeServerArgs } from "./args";
import { letsEncrypt, type ResolvedAcmeCertificate, resolvedAcmeServer } from "./defaults";

/** Longest text in the environment of a process, with a margin: Linux has 131,072 bytes (MAX_ARG_STRLEN). */
const LONGEST_VARIABLE = 100_000;

/** Every problem of an AcmeCertificate's arguments. */
export function acmeCertificateProblems(settings: ResolvedAcmeCertificate): string[] {
  return [
    ...instanceNameProblems(settings.instance),
    ...hostnameProblems("hostnames", settings.hostnames),
    ...acmeNameProblems(settings, settings.directoryUrl),
    ...acmeProblems(settings, ""),
    ...outgoingProblems(settings.outgoing),
    ...bindAddressProblems("bindAddress", settings.bindAddress),
    ...logRotationProblems(settings.logRotation),
    ...labelProblems(settings.labels),
  ];
}

/** Problems of the settings of an ACME server and its account. */
export function acmeProblems(acme: AcmeServerArgs, prefix = "acme."): string[] {
  const { email, directoryCaPem } = acme;
  const { directoryUrl, challengePort, renewalDays } = resolvedAcmeServer(acme);
  return [
    ...(isEmail(email)
      ? []
      : [`${prefix}email: ${quoted(email)} is not an address; write one such as "admin@example.com"`]),
    ...(isDirectory(directoryUrl)
      ? []
      : [
          `${prefix}directoryUrl: ${quoted(directoryUrl)} is not an HTTPS URL; write one such as ${quoted(letsEncrypt)}`,
        ]),
    ...portProblems(`${prefix}challengePort`, challengePort),
    ...((acme.eabKeyId === undefined) === (acme.eabHmacKey === undefined)
      ? []
      : [`${prefix}eabKeyId, ${prefix}eabHmacKey: one is given without the other; give both, or none`]),
    ...given(acme.eabKeyId, (id) =>
      id.trim() === "" || hasControlCharacter(id)
        ? [
            `${prefix}eabKeyId: ${quoted(id)} is no key identifier; write the one that the server's console shows`,
          ]
        : [],
    ),
    ...given(acme.networkSubnets, (subnets) => subnetProblems(`${prefix}networkSubnets`, subnets)),
    ...trustedPemProblems(`${prefix}directoryCaPem`, directoryCaPem),
    ...((directoryCaPem?.length ?? 0) > LONGEST_VARIABLE
      ? [
          `${prefix}directoryCaPem: has ${directoryCaPem?.length} characters; write the root of that server alone`,
        ]
      : []),
    ...wholeNumberProblems(`${prefix}renewalDays`, renewalDays, 1, 365),
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
      const problem = issuedNameProblem(name, isPublic);
      return problem === undefined ? [] : [`${argument}[${index}]: ${quoted(name)} ${problem}`];
    }),
  );
}

function issuedNameProblem(name: string, isPublic: boolean): string | undefined {
  if (name.startsWith("*.")) {
    return "is a wildcard, which HTTP-01 cannot confirm; write each name, or get the certificate by DNS-01 and give it as ownCertificate";
  }
  if (isIpAddress(name)) {
    return "is an IP address, and ACME servers issue only short-lived certificates for those; write a name, or choose another source";
  }
  if (isPublic && !name.includes(".")) {
    return "is not a name in the public DNS, and Let's Encrypt issues only for those; write such a name, or another server in acme.directoryUrl";
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

/** Problems of the HMAC key of an external account binding. It is never shown. */
export function eabHmacKeyProblems(key: string, argument = "acme.eabHmacKey"): string[] {
  return /^[A-Za-z0-9+/_-]+={0,2}\s*$/.test(key)
    ? []
    : [`${argument}: is not in base64; write the HMAC key as the server's console shows it`];
}

/** Problems of certificates that somebody must trust. Absent is fine. */
export function trustedPemProblems(argument: string, pem: string | undefined): readonly string[] {
  return pem === undefined ? [] : readCertificates(argument, pem).problems;
}
