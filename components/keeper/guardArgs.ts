/**
 * When the disk of the images is too full for new pushes: 403 `DENIED` with the figure, and when space can come. What has
 * begun goes on, and so do pulls and deletions.
 */
export interface DiskGuardArgs {
  /** Whether the disk is looked at, every five seconds. @default <true where there are a keeper and a proxy> */
  readonly enabled?: boolean;
  /** Per cent of the disk from which on no push begins. @default 90 */
  readonly refuseAtPercent?: number;
  /** Free space in MiB below which no push begins; at most a fifth of the disk counts. @default 2048 */
  readonly refuseBelowMib?: number;
  /**
   * Per cent at which pushes begin again, if a quarter more than `refuseBelowMib` is free as well.
   * @default <5 less than refuseAtPercent>
   */
  readonly resumeAtPercent?: number;
  /**
   * Per cent from which on the space is collected every six hours; every hour while pushes are refused.
   * @default <10 less than refuseAtPercent>
   */
  readonly collectAtPercent?: number;
}

/** How much repositories may hold together. Counted once a minute: a push that has begun goes over it. */
export interface QuotaArgs {
  /** Patterns of repositories, such as "team/*", or "**" for all. */
  readonly repositories: string[];
  /** MiB that their manifests and layers may have, each counted once. Then no push to them begins. */
  readonly maxMib: number;
}
