import { join } from "node:path";
import { shellScript, shellText } from "../base/shellScript";
import { controlPath, filesPath } from "../docker/paths";

/** Script of the keeper, which never ends. */
export function keeperScript(): string {
  return shellText(join(__dirname, "keeper.sh"));
}

/** Health of the keeper. */
export function keeperHealthScript(): string {
  return shellText(join(__dirname, "keeperHealth.sh"));
}

/** Script of the preparation one-shot. @param generation - folder of the files volume that holds the new files */
export function keeperPrepareScript(generation: string, uid: number): string {
  return shellScript(join(__dirname, "keeperPrepare.sh"), {
    CONTROL_PATH: controlPath,
    FILES_PATH: filesPath,
    GENERATION: generation,
    OWNER: `${uid}:${uid}`,
  });
}
