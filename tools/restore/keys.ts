import { assignments } from "../../components/base/shellScript";
import { isTextMap } from "../../components/base/values";
import { type Context, stackSetting } from "../context";
import type { Environment } from "../process";
import { problem } from "../say";
import { optionOf, stackOutputs } from "../stackOutputs";
import { stackExists } from "../state";

/** What restic needs to read a backup. */
export interface RestoreKeys {
  readonly repository: string;
  readonly password: string;
  /** The folder of the Docker host, where the repository is one. */
  readonly folder?: string;
  /** Under which name restic has filed the snapshots; left out, whichever. */
  readonly host?: string;
  /** Lines for the shell that starts restic, with all of it. */
  readonly lines: string;
}

/** Those of the stack where it is there; else what the environment says in restic's own words. `from` is another folder. */
export async function restoreKeys(
  context: Context,
  environment: Environment,
  from: string | undefined,
): Promise<RestoreKeys> {
  const known = { ...(await ofStack(context, environment)), ...ofEnvironment(process.env) };
  const folder = from ?? known.folder ?? stackSetting(context, "backup.folder");
  const repository = folder === undefined ? known.repository : "/repository";
  if (repository === undefined)
    throw problem(
      "it is not known where the backup is: name its folder with --from, or set RESTIC_REPOSITORY as restic wants it",
    );
  if (known.password === undefined)
    throw problem(
      `there is no password for the backup: npm run restore-state${optionOf(context.stack)} brings the stack back that knows it, or set RESTIC_PASSWORD`,
    );
  const all = { ...known, folder, repository, password: known.password };
  return { ...all, lines: linesOf(all) };
}

type Known = { readonly [name: string]: string | undefined };

async function ofStack(context: Context, environment: Environment): Promise<Known> {
  if (!stackExists(context)) return {};
  const { backup } = { backup: undefined, ...(await stackOutputs(context, environment)) };
  if (!isTextMap(backup)) return {};
  return Object.fromEntries(
    Object.entries(backup).map(([name, value]) => [name, typeof value === "string" ? value : undefined]),
  );
}

function ofEnvironment(environment: Environment): Known {
  const found = {
    repository: environment.RESTIC_REPOSITORY,
    password: environment.RESTIC_PASSWORD,
    accessKey: environment.AWS_ACCESS_KEY_ID,
    secretKey: environment.AWS_SECRET_ACCESS_KEY,
    region: environment.AWS_DEFAULT_REGION,
    host: environment.RESTIC_HOST,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Lines for a shell that has no secret in its environment. */
export function linesOf(known: Known): string {
  const exported = {
    AWS_ACCESS_KEY_ID: known.accessKey,
    AWS_SECRET_ACCESS_KEY: known.secretKey,
    AWS_DEFAULT_REGION: known.region,
  };
  const own = {
    RESTIC_REPOSITORY: known.repository,
    RESTIC_PASSWORD: known.password,
    BACKUP_HOST: known.host,
    SSH_PRIVATE_KEY: known.sshPrivateKey?.trim(),
    KNOWN_HOSTS: known.knownHosts?.trim(),
  };
  const given = Object.keys(exported).filter((name) => Reflect.get(exported, name) !== undefined);
  const values = Object.fromEntries(
    Object.entries({ ...exported, ...own }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  return `${assignments(values)}\n${given.length > 0 ? `export ${given.join(" ")}\n` : ""}`;
}
