import * as pulumi from "@pulumi/pulumi";
import { httpsPort } from "../base/hostnames";
import { registryAddress } from "../clients/address";
import { frontKind } from "../fronts/fronts";
import { resolvedDiskGuard } from "../keeper/guardDefaults";
import type { ResolvedPrivateRegistry } from "../privateRegistryDefaults";
import { watchFiles } from "./watchFiles";

/** Files for Prometheus and Grafana, by their names; none without metrics. @param trusted - PEM that clients must trust */
export function watchFilesOf(
  settings: ResolvedPrivateRegistry,
  trusted: pulumi.Output<string>,
): pulumi.Output<{ [file: string]: string }> {
  const { metrics, hostnames } = settings;
  if (metrics === undefined) return pulumi.output<{ [file: string]: string }>({});
  const front = frontKind(settings.front);
  const port = front.clientPort(settings);
  const address = registryAddress(hostnames[0] ?? "", port);
  const readers = metrics.users ?? (metrics.allowedAddresses.length > 0 ? [] : [settings.clientUser]);
  const guard = resolvedDiskGuard(settings.diskGuard);
  return trusted.apply((pem): { [file: string]: string } => ({
    ...watchFiles({
      address: port === httpsPort ? `${address}:${port}` : address,
      hasTls: front.hasTls,
      hasOwnAuthority: pem !== "",
      needsClientCertificate: settings.requireClientCertificates,
      user: readers[0],
      servesCertificate: front.servesCertificate(settings),
      hasKeeper: settings.keeper.enabled,
      refuseAtPercent: guard.refuseAtPercent,
      collectAtPercent: guard.collectAtPercent,
    }),
  }));
}
