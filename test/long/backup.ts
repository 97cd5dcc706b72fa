import { output } from "../../tools/shell";
import { runBackupProof } from "../support/backupProof";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

/** A backup under traffic, killed half-way, brought back on another Docker host by the page's commands; and one to S3. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const result = await runBackupProof(say);
  say(result);
  noteProof("backup", commit, result);
  return 0;
});
