import { ask } from "../ask";
import { problem } from "../say";

interface Run {
  readonly args: readonly string[];
  readonly environment: { readonly [name: string]: string | undefined };
  /** Whether somebody is at the terminal. */
  readonly terminal: boolean;
}

/** Whether somebody is asked before we install packages: not with `--yes`, in CI, or where nobody could answer. */
export function mustAsk({ args, environment, terminal }: Run): boolean {
  const { CI = "" } = environment;
  const inCi = CI !== "" && CI !== "false" && CI !== "0";
  return terminal && !inCi && !args.includes("--yes") && !args.includes("-y");
}

/** Ends the run unless whoever is at the terminal wants these packages, which root installs for the whole machine. */
export async function confirmInstall(packages: readonly string[]): Promise<void> {
  const run = { args: process.argv, environment: process.env, terminal: process.stdin.isTTY === true };
  if (!mustAsk(run)) return;
  const names = packages.join(" ");
  const answer = await ask(`Install ${names} on this machine with apt-get, as root? [y/N] `);
  if (/^y(es)?$/i.test(answer)) return;
  throw problem(
    `nothing was installed. Run "apt-get install ${names}" yourself and try again, or run this with --yes`,
  );
}
