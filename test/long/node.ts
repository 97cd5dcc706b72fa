import { output } from "../../tools/shell";
import { mainJob, nodes, sdks } from "../support/mainJob";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

/** The main job in a clone, on each Node with the pinned and the newest packages of Pulumi. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const [done, failed]: [string[], string[]] = [[], []];
  for (const node of nodes)
    for (const sdk of sdks) {
      say(`Node ${node}, ${sdk} packages`);
      try {
        done.push(await mainJob({ node, sdk }, 18463));
        say(`  ${done.at(-1)}: green`);
      } catch (error) {
        failed.push(`Node ${node}, ${sdk} packages`);
        say(`  ${error}`);
      }
    }
  const result = failed.length === 0 ? "no failure" : `failed: ${failed.join("; ")}`;
  noteProof("node", commit, `${[...done].join(", ")}: ${result}`);
  return failed.length === 0 ? 0 : 1;
});
