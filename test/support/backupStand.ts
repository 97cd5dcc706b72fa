// A registry of this machine with a keeper's program, and the container of backups as a stack has it, without a stack.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackupArgs } from "../../components/backup/args";
import { backupPrepareScript, backupScript } from "../../components/backup/backupScripts";
import { settingsText } from "../../components/backup/backupSettings";
import { knownHosts, repositoryOf } from "../../components/backup/backupTarget";
import { resolvedBackup } from "../../components/backup/defaults";
import { linesOf, type RestoreKeys } from "../../tools/restore/keys";
import type { Restore } from "../../tools/restore/steps";
import { output, run, until } from "../../tools/shell";
import { backupImage, keeperImage, registryImage } from "../../tools/temporaryStack";
import { type Keeper, makeKeeper } from "./keeperStress/keeperProcess";
import { type RegistryProcess, startRegistry } from "./registryProcess";

export interface BackupStand {
  readonly folder: string;
  readonly registry: RegistryProcess;
  readonly keeper: Keeper;
  /** Starts the container with a target; one at a time. */
  begin(backup: BackupArgs, secrets?: { readonly [name: string]: string }): Promise<RestoreKeys>;
  /** Hands an order over, as the keeper's shell does, and answers its number. */
  order(verb: string, ...digests: readonly string[]): string;
  /** Waits for its end, and answers what was found. */
  ended(number: string): Promise<{ readonly state: string; readonly lines: readonly string[] }>;
  /** A whole backup. */
  backup(): Promise<void>;
  /** Kills the container and starts it again. */
  kill(): Promise<void>;
  restoreTo(name: string, snapshot?: string): Restore;
  remove(): Promise<void>;
}

export async function makeBackupStand(name: string, port: number): Promise<BackupStand> {
  const folder = mkdtempSync(join(tmpdir(), `private-registry-${name}-`));
  const container = `private-registry-test-${name}`;
  const at = (...path: readonly string[]) => join(folder, ...path);
  for (const each of ["data", "control", "files", "cache"]) mkdirSync(at(each));
  const registry = await startRegistry({ dataFolder: at("data"), listen: `127.0.0.1:${port}` });
  const keeper = makeKeeper(at("keeper"), {
    dataFolder: at("data"),
    controlFolder: at("control"),
    ...{ graceSeconds: 60, settleSeconds: 1, undoSeconds: 60, minimumTrashSeconds: 60, uploadSeconds: 60 },
    retention: [],
  });
  const end = () => run(["docker", "rm", "--force", container]);
  await end();
  let orders = 0;
  const stand: BackupStand = {
    folder,
    registry,
    keeper,
    async begin(args, secrets = {}) {
      await end();
      const backup = resolvedBackup(args);
      const keys = {
        repository: repositoryOf(backup),
        password: "a password",
        host: "test",
        ...(backup.sftp && { knownHosts: knownHosts(backup.sftp) }),
        ...(backup.s3 && { accessKey: backup.s3.accessKey }),
        ...secrets,
      };
      const generation = `generation-${orders++}`;
      mkdirSync(at("files", generation));
      const write = (file: string, text = "") =>
        writeFileSync(at("files", generation, file), text, { mode: 0o400 });
      write("settings", settingsText(backup, keys, "control"));
      write("password", keys.password);
      if (backup.sftp) write("sshKey", `${secrets.sshPrivateKey?.trimEnd()}\n`);
      if (backup.sftp) write("knownHosts", knownHosts(backup.sftp));
      const volumes = [
        ...[`${at("control")}:/var/lib/private-registry-keeper`, `${at("files")}:/etc/private-registry`],
        `${at("cache")}:/var/cache/restic`,
        ...(backup.folder === undefined ? [] : [`${backup.folder}:/repository`]),
      ].flatMap((volume) => ["--volume", volume]);
      const user = `${backup.sftp === undefined ? 10001 : 65534}:0`;
      const prepare = backupPrepareScript({
        ...{ generation, owner: user, keeper: "0:0", hasFolder: backup.folder !== undefined },
      });
      const rights = ["--cap-drop", "ALL", "--cap-add", "CHOWN", "--cap-add", "DAC_OVERRIDE"];
      const helper = ["docker", "run", "--rm", "--network", "none", "--user", "0:0", ...rights, ...volumes];
      await output([...helper, "--entrypoint", "sh", backupImage, "-c", prepare]);
      await output([
        ...["docker", "run", "--detach", "--name", container, "--hostname", "backup-test", "--user", user],
        ...["--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp:rw,noexec,nosuid,size=16m,mode=1777"],
        ...["--network", backup.folder === undefined ? "host" : "none", ...volumes],
        ...["--volume", `${at("data")}:/var/lib/registry:ro`],
        ...["--entrypoint", "sh", backupImage, "-c", backupScript()],
      ]);
      return { ...keys, folder: backup.folder, lines: linesOf(keys) };
    },
    order(verb, ...digests) {
      const number = `order-${orders++}`;
      rmSync(at("control/backup/result"), { force: true });
      writeFileSync(at("control/backup/wanted.new"), [`${number} ${verb}`, ...digests, ""].join("\n"));
      renameSync(at("control/backup/wanted.new"), at("control/backup/wanted"));
      return number;
    },
    async ended(number) {
      const result = () => {
        const path = at("control/backup/result");
        return existsSync(path) ? readFileSync(path, "utf8") : "";
      };
      await until("the order is done", async () => result().startsWith(`${number} `), 60);
      const [first = "", ...lines] = result().split("\n");
      rmSync(at("control/backup/wanted"));
      return { state: first.split(" ")[1] ?? "", lines };
    },
    async backup() {
      const { status, stderr } = await keeper.step("backup-list").done;
      if (status !== 0) throw new Error(stderr);
      const { state, lines } = await stand.ended(stand.order("backup"));
      if (state !== "ok" || lines[2] !== "") throw new Error(lines.join("\n"));
    },
    async kill() {
      await output(["docker", "kill", "--signal", "KILL", container]);
      await output(["docker", "start", container]);
    },
    restoreTo: (place, snapshot = "latest") => ({
      into: at(place),
      snapshot,
      environment: process.env,
      images: { backup: backupImage, keeper: keeperImage, registry: registryImage },
    }),
    async remove() {
      await end();
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stand;
}

/** The size of a file, 0 if it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The size of all files in a folder. */
export function treeSize(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => sizeOf(join(folder, file)))
    .reduce((sum, size) => sum + size, 0);
}
