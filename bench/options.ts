/** How much is measured. */
export interface Options {
  readonly rounds: number;
  /** Two small rounds of everything: shows that it runs, the figures mean little. */
  readonly quick: boolean;
  /** Measure ours alone, against what its cost may grow with. */
  readonly scale: boolean;
  /** Folder for latest.json and latest.svg. */
  readonly results: string;
  /** Measures to run, by name; all if empty. */
  readonly only: readonly string[];
  /** Sizes in bytes, and times in seconds. */
  readonly largeBlob: number;
  readonly mediumBlob: number;
  readonly hugeBlob: number;
  readonly smallBlob: number;
  readonly smallBlobs: number;
  readonly crowd: number;
  readonly bigCrowd: number;
  readonly requestSeconds: number;
  readonly expirySeconds: number;
  readonly floodSeconds: number;
  readonly upRounds: number;
  readonly coldRounds: number;
  readonly manyUsers: number;
  readonly scaleRounds: number;
}

export const defaultResults = "bench/results";

const MB = 1_000_000;

const whole = {
  largeBlob: 400 * MB,
  mediumBlob: 20 * MB,
  hugeBlob: 1000 * MB,
  smallBlob: 64 * 1024,
  smallBlobs: 200,
  crowd: 128,
  bigCrowd: 256,
  requestSeconds: 2,
  expirySeconds: 90,
  floodSeconds: 5,
  upRounds: 5,
  coldRounds: 3,
  manyUsers: 100,
  scaleRounds: 3,
};

const small = {
  ...whole,
  largeBlob: 20 * MB,
  mediumBlob: 1 * MB,
  hugeBlob: 50 * MB,
  smallBlobs: 5,
  crowd: 16,
  bigCrowd: 32,
  requestSeconds: 1,
  expirySeconds: 4,
  floodSeconds: 2,
  upRounds: 1,
  coldRounds: 1,
  manyUsers: 2,
  scaleRounds: 1,
};

/** Reads the command line: `--rounds N`, `--quick`, `--scale`, `--only a,b`, `--results FOLDER`. */
export function readOptions(args: readonly string[]): Options {
  const quick = args.includes("--quick");
  const options = quick ? small : whole;
  return {
    ...options,
    quick,
    scale: args.includes("--scale"),
    rounds: Number(settingOf(args, "--rounds") ?? (quick ? 2 : 5)),
    results: settingOf(args, "--results") ?? defaultResults,
    only: settingOf(args, "--only")?.split(",") ?? [],
  };
}

function settingOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}
