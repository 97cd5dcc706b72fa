import { join } from "node:path";
import { shellScript, shellText } from "../base/shellScript";
import { controlPath, filesPath, resticCachePath } from "../docker/paths";
import { repositoryPath } from "./backupTarget";

/** Script of the container of backups, which never ends. */
export function backupScript(): string {
  return shellText(join(__dirname, "backup.sh"));
}

/** Health of that container. */
export function backupHealthScript(): string {
  return shellText(join(__dirname, "backupHealth.sh"));
}

/** What the preparation one-shot must know. */
interface Prepared {
  /** Folder of the files volume that holds the new files. */
  readonly generation: string;
  /** User and group of the container. */
  readonly owner: string;
  /** User and group of the keeper. */
  readonly keeper: string;
  /** Whether the repository is a folder of the Docker host. */
  readonly hasFolder: boolean;
}

/** Script of that one-shot. */
export function backupPrepareScript({ generation, owner, keeper, hasFolder }: Prepared): string {
  return shellScript(join(__dirname, "backupPrepare.sh"), {
    CONTROL_PATH: controlPath,
    FILES_PATH: filesPath,
    CACHE_PATH: resticCachePath,
    REPOSITORY_PATH: hasFolder ? repositoryPath : "",
    GENERATION: generation,
    OWNER: owner,
    KEEPER: keeper,
  });
}
