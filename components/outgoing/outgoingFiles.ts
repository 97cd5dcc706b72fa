import * as pulumi from "@pulumi/pulumi";
import { splitPem } from "../certificates/pem";
import { joinPem } from "../certificates/pemText";
import { encoded, type Files } from "../docker/uploads";
import type { ResolvedOutgoing } from "./defaults";
import { proxyScript } from "./outgoingScripts";

/** File of the proxy to ask by, which a shell reads before it starts a program. */
export const outgoingProxyFile = "outgoing.sh";

/** Folder of further authorities to trust. */
export const authoritiesFolder = "authorities";

/** What a program is told as files of what is outside. */
export function outgoingFiles({
  proxy,
  proxyExceptions,
  caCertificatesPem,
}: ResolvedOutgoing): pulumi.Output<Files> {
  return pulumi.all([proxy, caCertificatesPem]).apply(
    ([plainProxy, pem]): Files => ({
      ...(plainProxy !== undefined && {
        [outgoingProxyFile]: encoded(proxyScript({ proxy: plainProxy, proxyExceptions })),
      }),
      ...(pem !== undefined && { [`${authoritiesFolder}/further.crt`]: encoded(joinPem(splitPem(pem))) }),
    }),
  );
}
