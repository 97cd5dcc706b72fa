import { everyAddress } from "../../base/hostnames";
import { resolvedLogRotation } from "../../docker/defaults";
import { imageNames } from "../../docker/imageNames";
import { resolvedOutgoing } from "../../outgoing/defaults";
import type { AcmeArgs, AcmeCertificateArgs, AcmeServerArgs } from "./args";

/** Directory of Let's Encrypt, where none is given. */
export const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

/** An account at an ACME server with every default. */
export function resolvedAcmeServer(args: AcmeServerArgs) {
  return {
    ...args,
    directoryUrl: args.directoryUrl ?? letsEncrypt,
    challengePort: args.challengePort ?? 80,
    renewalDays: args.renewalDays ?? 30,
  };
}

/** The settings of an ACME server and its account with every default. */
export function resolvedAcme(args: AcmeArgs) {
  return { ...args, ...resolvedAcmeServer(args), image: args.image ?? imageNames.acme.official };
}

export type ResolvedAcme = ReturnType<typeof resolvedAcme>;

/** The arguments of an AcmeCertificate with every default. */
export function resolvedAcmeCertificate(name: string, args: AcmeCertificateArgs) {
  return {
    ...args,
    ...resolvedAcmeServer(args),
    instance: args.instance ?? name,
    bindAddress: args.bindAddress ?? everyAddress,
    image: args.image ?? imageNames.acme.official,
    outgoing: resolvedOutgoing(args.outgoing),
    logRotation: resolvedLogRotation(args.logRotation),
    labels: args.labels ?? {},
  };
}

export type ResolvedAcmeCertificate = ReturnType<typeof resolvedAcmeCertificate>;
