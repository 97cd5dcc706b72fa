/** What the keeper is asked to do, by a request or by the command; how it is called in an address and in a file. */
export const verbs = [
  "list",
  "tags",
  "show",
  "delete",
  "restore",
  "retention",
  "collect",
  "report",
  "verify",
] as const;

/** What a request may be told beside its verb. */
export const flags = ["json", "apply", "dry-run", "digest"] as const;
