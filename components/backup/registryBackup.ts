import * as pulumi from "@pulumi/pulumi";
import { childOptions } from "../base/childOptions";
import { refuse } from "../base/refuse";
import { withSecrets } from "../base/withSecrets";
import { identity } from "../docker/identity";
import type { RegistryBackupArgs } from "./args";
import { backupContainer, backupVolumes, preparedBackup } from "./backupContainers";
import { backupFiles } from "./backupFiles";
import { resolvedRegistryBackup } from "./defaults";
import { registryBackupProblems } from "./problems";
import { secretBackup } from "./secretBackup";

/**
 * Backups of a registry's images, by restic in a container of its own: it reads the images, writes to its target, and does
 * so when a RegistryKeeper says. It has a network only where the target is not a folder of the Docker host.
 *
 * @throws RunError that lists every refused argument, before anything is created.
 */
export class RegistryBackup extends pulumi.ComponentResource {
  /** What brings a backup back: `repository` and `password` of restic, `folder`, keys of the target; secret. */
  public readonly keys: pulumi.Output<{ [name: string]: string }>;

  constructor(name: string, args: RegistryBackupArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = resolvedRegistryBackup(name, args);
    refuse(name, registryBackupProblems(args, settings));
    super("private-registry:index:RegistryBackup", name, secretArgs(args), opts);

    const named = identity(settings.instance, settings.labels);
    const volumes = backupVolumes(name, named, { ...childOptions(this, opts), ignoreChanges: ["labels"] });
    const { name: host } = named.server("backup");
    const { files, generation, keys } = backupFiles(name, settings, host, this);
    const parts = { name, args: settings, named, files, generation, ...volumes };
    const prepared = preparedBackup(parts, this);
    backupContainer(parts, { parent: this, dependsOn: prepared });

    this.keys = keys;
    this.registerOutputs({ keys: this.keys });
  }
}

function secretArgs({ settings, outgoing, ...args }: RegistryBackupArgs): pulumi.Inputs {
  return {
    ...args,
    settings: secretBackup(settings),
    ...(outgoing && { outgoing: withSecrets(outgoing, "proxy") }),
  };
}
