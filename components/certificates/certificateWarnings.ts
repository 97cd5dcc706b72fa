import * as pulumi from "@pulumi/pulumi";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import type { ServedCertificate } from "./servedCertificate";

const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** Days before the end of the served certificate. A generated one is renewed long before. */
const certificateWarningDays = 14;

/** Days before the end of an authority: a server certificate of a year would outlive it. */
const authorityWarningDays = 365;

/** Whole days from now to the end of validity. */
export function daysUntil(end: string, now = new Date()): number {
  return Math.floor((Date.parse(end) - now.getTime()) / dayInMilliseconds);
}

/** Whole days left of the served certificate; none if it is renewed without us. Every `up` warns of what must be done about the certificates. */
export function watchedDaysLeft(
  registry: pulumi.Resource,
  settings: ResolvedPrivateRegistry,
  certificate: ServedCertificate,
): pulumi.Output<number | undefined> {
  return pulumi.all([certificate.expiresAt, certificate.authorityExpiresAt]).apply(([end, authorityEnd]) => {
    if (end === "") {
      return undefined;
    }
    const daysLeft = daysUntil(end);
    const authorityDaysLeft = authorityEnd === undefined ? undefined : daysUntil(authorityEnd);
    for (const warning of certificateWarnings(settings, daysLeft, authorityDaysLeft)) {
      pulumi.log.warn(warning, registry);
    }
    return daysLeft;
  });
}

/** What must be done about the certificates. An authority that has no days is nobody's to renew. */
export function certificateWarnings(
  settings: Pick<
    ResolvedPrivateRegistry,
    "caGeneration" | "caRetiredGeneration" | "ownAuthority" | "ownCertificate"
  >,
  daysLeft: number,
  authorityDaysLeft: number | undefined,
): string[] {
  const { caGeneration, caRetiredGeneration, ownAuthority, ownCertificate } = settings;
  const signing = caRetiredGeneration + 1;
  const next = ownAuthority === undefined ? "raise caGeneration" : "give the next one as ownAuthority";
  return [
    ...(daysLeft < certificateWarningDays
      ? [
          `the certificate ${endIn(daysLeft)}: ${ownCertificate ? "give a new ownCertificate" : renewal(daysLeft, authorityDaysLeft)}`,
        ]
      : []),
    ...(authorityDaysLeft !== undefined && authorityDaysLeft < authorityWarningDays
      ? [
          `the certificate authority ${endIn(authorityDaysLeft)}: ${next}, as docs/certificates.md of the package private-registry says step by step`,
        ]
      : []),
    ...(caGeneration > signing
      ? [
          `clients must trust authority ${caGeneration} while ${signing} signs: run the install script anew on each, ` +
            `then set caRetiredGeneration to ${caGeneration - 1}`,
        ]
      : []),
  ];
}

/** What has a certificate renewed that the `up` which warns has left alone. It cannot outlive its authority. */
function renewal(daysLeft: number, authorityDaysLeft = Number.POSITIVE_INFINITY): string {
  if (authorityDaysLeft <= daysLeft) return "its authority ends as soon, and is to be replaced";
  return daysLeft < 0
    ? "run up, which renews it"
    : `raise certificate.renewalDays above ${daysLeft}, then run up`;
}

function endIn(days: number): string {
  const count = Math.abs(days) === 1 ? "1 day" : `${Math.abs(days)} days`;
  return days < 0 ? `ended ${count} ago` : `ends in ${count}`;
}
