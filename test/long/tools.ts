import { output } from "../../tools/shell";
import { runToolsPage } from "../support/toolsPage";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

/** The commands of the page about programs without a daemon, as they stand there. Compiles them the first time. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const done = await runToolsPage(say);
  noteProof("tools", commit, `${done.join(", ")}: as on their page`);
  return 0;
});
