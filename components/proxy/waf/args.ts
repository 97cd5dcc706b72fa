/** Settings of the web application firewall, the OWASP Core Rule Set. */
export interface WafArgs {
  /** 1 to 4: how many of its rules are used. Each level finds more and is wrong more often. @default 1 */
  readonly paranoiaLevel?: number;
  /** Points at which a request is refused; each rule that matches adds 2 to 5. @default 5 */
  readonly anomalyThreshold?: number;
  /** Refuse nothing, only log what the rules find, for a trial. @default false */
  readonly detectionOnly?: boolean;
  /** Ids of rules to leave out, such as 942100; the proxy's log names them. @default [] */
  readonly excludedRules?: number[];
  /**
   * Size of a manifest in bytes above which it is refused unread; uploads of blobs have no limit. The
   * registry itself takes no more than 4194304.
   * @default 4194304
   */
  readonly bodyLimit?: number;
}
