import type * as pulumi from "@pulumi/pulumi";
import type { ImmutableTagsArgs } from "../access/args";
import type { ServiceArgs } from "../docker/args";
import type { DiskGuardArgs, QuotaArgs } from "./guardArgs";
import type { RetentionRuleArgs } from "./retentionArgs";

/** The keeper: it gives space back and answers what is in the registry. */
export interface KeeperArgs {
  /**
   * Whether there is one.
   * @default <true, unless it cannot work with this registry: with an object store, registry 2, a cache, a mirror, or
   * where nothing may be deleted>
   */
  readonly enabled?: boolean;
  /** When it begins its daily run, "HH:MM" in `timeZone`. @default "03:30" */
  readonly collectAt?: string;
  /** Hours that something must have been unreferenced before it may go, 1 at least. @default 24 */
  readonly graceHours?: number;
  /** Days for which what it took can be had back. @default 7 */
  readonly undoDays?: number;
  /** Days that a manifest without a tag stays after a run first saw it so. Left out: for ever. @default none */
  readonly untaggedDays?: number;
  /**
   * Days in which everything on the disk is read once and compared with its digest, a share each night after the
   * collection; 0 for never.
   * @default 30
   */
  readonly scrubDays?: number;
}

export interface RegistryKeeperArgs extends ServiceArgs {
  /** Settings. `enabled` is ignored here. @default {} */
  readonly settings?: KeeperArgs;
  /** Which tags go by themselves. @default [] */
  readonly retention?: RetentionRuleArgs[];
  /** Tags that no rule takes and nobody deletes. @default none */
  readonly immutableTags?: ImmutableTagsArgs[];
  /** When the disk is too full for new pushes, for a proxy that is told the same. @default <none> */
  readonly diskGuard?: DiskGuardArgs;
  /** When a RegistryBackup of the same control volume makes a backup, "HH:MM" in `timeZone`. @default <never> */
  readonly backupAt?: string;
  /** How much repositories may hold, for a proxy that is told the same. @default [] */
  readonly quotas?: QuotaArgs[];
  /** Days for which it keeps the audit files that a proxy writes. @default <0: none stays> */
  readonly auditDays?: number;
  /** Whether it writes down figures for a proxy that answers at `/metrics`. @default false */
  readonly metrics?: boolean;
  /** Hours after its last byte when an upload that was never finished is removed. @default 168 */
  readonly uploadHours?: number;
  /** Whether the registry refuses every push and delete: then no tag goes, and none comes back. @default false */
  readonly readOnly?: boolean;
  /** Volume of the registry's data, output of a RegistryServer. @default none */
  readonly dataVolumeName?: pulumi.Input<string>;
  /** The same for data on a path of the Docker host. @default none */
  readonly dataHostPath?: string;
  /** An output to wait for before the running container is replaced. @default <at once> */
  readonly door?: pulumi.Input<string>;
  /** Image reference. An image with Node 20 or newer, and flock. @default "node:22.22.0-bookworm-slim" */
  readonly image?: pulumi.Input<string>;
}
