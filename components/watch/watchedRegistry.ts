import * as pulumi from "@pulumi/pulumi";
import { AccessAction } from "../access/args";
import { usersWhoMayEverywhere } from "../access/mayEverywhere";
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
  const guard = resolvedDiskGuard(settings.diskGuard);
  return trusted.apply((pem): { [file: string]: string } => ({
    ...watchFiles({
      address: port === httpsPort ? `${address}:${port}` : address,
      hasTls: front.hasTls,
      hasOwnAuthority: pem !== "",
      needsClientCertificate: settings.requireClientCertificates,
      user: scrapeUser(settings),
      servesCertificate: front.servesCertificate(settings),
      hasKeeper: settings.keeper.enabled,
      refuseAtPercent: guard.refuseAtPercent,
      collectAtPercent: guard.collectAtPercent,
    }),
  }));
}

/** Who Prometheus logs in as: a user who may read metrics, the clients' one before others; nobody where it needs no login. */
function scrapeUser({
  metrics,
  access,
  users,
  clientUser,
}: Pick<ResolvedPrivateRegistry, "metrics" | "access" | "users" | "clientUser">): string | undefined {
  if (metrics?.users !== undefined) return metrics.users[0];
  if ((metrics?.allowedAddresses ?? []).length > 0) return undefined;
  const readers = usersWhoMayEverywhere(AccessAction.Delete, access, users);
  return readers.includes(clientUser) ? clientUser : readers[0];
}
