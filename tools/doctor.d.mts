export interface Check {
  readonly name: string;
  readonly state: "found" | "to do" | "MISSING";
  readonly text: string;
}

/** Each image of ours, or its stand-in, by what says whether an image is on the Docker host. */
export function imageChecks(isLocal: (image: string) => boolean): Check[];

/** What does not hold as usual on a Docker host, by what `docker info` says of its security and its folder. */
export function limitsOf(security: string, folder: string): Check[];

/** Prints each prerequisite, and hands back the exit code: 1 if something is missing. */
export function doctor(): number;
