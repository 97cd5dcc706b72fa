import { join } from "node:path";
import { shellScript, shellText } from "../../base/shellScript";
import { acmePaths } from "../../docker/paths";

/** Port inside the container on which the client answers a challenge. */
export const challengePort = 8080;

/** Script of the renewer, which never ends. */
export function renewerScript(): string {
  return shellText(join(__dirname, "renewer.sh"));
}

/** Health of the renewer. */
export function renewerHealthScript(): string {
  return shellText(join(__dirname, "renewerHealth.sh"));
}

/**
 * Script of the preparation one-shot.
 *
 * @param given - folder of what the renewer is given as files; empty if it is given none
 */
export function acmePrepareScript(uid: number, given: string): string {
  return shellScript(join(__dirname, "acmePrepare.sh"), {
    OWNER: `${uid}:${uid}`,
    ACCOUNT_PATH: acmePaths.accountPath,
    CERTIFICATES_PATH: acmePaths.certificatesPath,
    GIVEN_PATH: acmePaths.givenPath,
    GIVEN: given,
  });
}

/** Script of the one-shot that waits for a certificate that fits. */
export function issueScript(): string {
  return shellText(join(__dirname, "issue.sh"));
}
