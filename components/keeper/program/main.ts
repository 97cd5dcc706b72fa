/** A job by its name: what it does with the words after it. */
type Jobs = { readonly [name: string]: (...words: readonly string[]) => number };

const jobs: Jobs = {};

/** Runs `node keeper.js SETTINGS_FILE JOB [ARG...]`, and answers its exit code. */
function main([, name = "", ...words]: readonly string[]): number {
  const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (job !== undefined) return job(...words);
  process.stderr.write(`the keeper has no job named ${JSON.stringify(name)}\n`);
  return 1;
}

process.exitCode = main(process.argv.slice(2));
