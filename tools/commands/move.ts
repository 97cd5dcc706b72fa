import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { shellWord } from "../../components/base/shellScript";
import { isTextMap } from "../../components/base/values";
import { imageFor } from "../../components/docker/imageNames";
import { dockerNameOf } from "../../components/docker/roles";
import { resolvedS3Storage } from "../../components/registry/defaults";
import type { StorageArgs } from "../../components/registry/storageArgs";
import { storageProblems } from "../../components/registry/storageProblems";
import { settingsKind } from "../../infra/configShapes";
import { kindProblems } from "../../infra/kinds";
import { engineFor, stackOption } from "../../infra/stackOption";
import { type Context, stackConfig, stackSetting, stackSettings } from "../context";
import { makeVolume } from "../restore";
import { problem, say } from "../say";
import { setUp } from "../setup";
import { optionOf } from "../stackOutputs";
import { type Move, moveImages } from "../store/move";
import { runningRegistry } from "../store/runningRegistry";

/** Copies the images of a stack to another place, proves them there, and prints what to type next. */
export async function move(context: Context, given: readonly string[]): Promise<number> {
  const [to = "", ...more] = given;
  if (to === "" || to.startsWith("-") || more.length > 0) throw problem(noPlace(context.stack));
  if (stackSettings(context).keepDataOnDestroy === false)
    throw problem(
      "settings.keepDataOnDestroy is false, and the old volume would go with the change: remove that, run up, then move",
    );
  const storage = /\.ya?ml$/.test(to) ? storageIn(to) : undefined;
  const environment = await setUp(context, { docker: true, images: true, demanded: ["store"] });
  const registry = await runningRegistry(
    dockerNameOf(context.project, context.stack, "main", "registry"),
    context.stack,
    environment,
  );
  const rcloneImage = imageFor("store", environment);
  const target = storage === undefined ? to : bucketIn(context, storage);
  if (typeof target === "string") await makeVolume(context, { into: target, environment });
  say(`Move: copying to ${to} and proving what is new there`);
  const { blobs, proven, isWhole } = await moveImages({ registry, rcloneImage, to: target });
  say(`Move: ${blobs} blobs are in ${to}, ${proven} of them read back now; each is what its digest says`);
  say(isWhole ? switchLines(context, to, storage) : lastPassLines(context, to));
  return 0;
}

/** What is said where no place is named. */
function noPlace(stack: string): string {
  const command = `npm run move --${stackOption(stack)}`;
  return `name a file with the settings of a bucket, a new volume, or a new folder of the Docker host: "${command} bucket.yaml" or "${command} registry-images"`;
}

/** The settings of a bucket, as they are to be at `settings.storage`. */
function storageIn(file: string): StorageArgs {
  if (!existsSync(file))
    throw problem(`${file} is not there: write into it what is to be at settings.storage`);
  const storage: unknown = parse(readFileSync(file, "utf8"));
  const kinds = kindProblems(file, storage, settingsKind.keys.storage);
  if (kinds.length > 0 || !isStorage(storage) || storage.s3 === undefined)
    throw problem(kinds.join("\n") || `${file}: has no s3; write what is to be at settings.storage`);
  const { secretKey, ...s3 } = storage.s3;
  if (secretKey !== undefined)
    throw problem(`${file}: has the secret of the key in it; take it out, and set AWS_SECRET_ACCESS_KEY`);
  const key = s3.accessKey === undefined ? {} : { secretKey: process.env.AWS_SECRET_ACCESS_KEY };
  if (s3.accessKey !== undefined && !key.secretKey)
    throw problem("AWS_SECRET_ACCESS_KEY is not set: it is the secret of the access key");
  const complete = { ...storage, s3: { ...s3, ...key } };
  const problems = storageProblems(complete, file);
  if (problems.length > 0) throw problem(problems.join("\n"));
  return complete;
}

function isStorage(value: unknown): value is StorageArgs {
  return isTextMap(value);
}

function bucketIn(context: Context, { s3 }: StorageArgs): Move["to"] {
  if (s3 === undefined) throw new Error("no bucket");
  const { accessKey, secretKey, ...settings } = resolvedS3Storage(s3);
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    s3: { ...settings, accessKey: text(accessKey), secretKey: text(secretKey) },
    credentialsFile: settings.credentialsFile,
    authorities: stackSetting(context, "outgoing.caCertificatesPem"),
  };
}

/** What to type where the registry still takes pushes. */
function lastPassLines({ stack }: Context, to: string): string {
  return `
Nothing uses them yet, and pushes went on. This copies the rest while the registry refuses pushes; pulls go on:
  ${engineFor(stack)} config set --path settings.registry.readOnly true
  npm run up${optionOf(stack)}
  npm run move --${stackOption(stack)} ${shellWord(to)}`;
}

/** What to type where all is there. */
function switchLines(context: Context, to: string, storage: StorageArgs | undefined): string {
  const { stack } = context;
  const config = `${engineFor(stack)} config`;
  const set = (path: string, value: string) =>
    `${config} set --path settings.storage.${path} ${shellWord(value)}`;
  const remove = (path: string) => `${config} rm --path settings.${path}`;
  const { secretKey, ...s3 } = storage?.s3 ?? {};
  const hasSecret = stackConfig(context).storageSecretKey !== undefined;
  const isPath = to.startsWith("/");
  const lines = [
    ...(isTextMap(stackSettings(context).storage) ? [remove("storage")] : []),
    ...(storage === undefined
      ? [set(isPath ? "hostPath" : "volumeName", to), ...(hasSecret ? [`${config} rm storageSecretKey`] : [])]
      : Object.entries(s3).map(([name, value]) => set(`s3.${name}`, String(value)))),
    ...(secretKey === undefined
      ? []
      : [`echo "$AWS_SECRET_ACCESS_KEY" | ${config} set --secret storageSecretKey`]),
    remove("registry.readOnly"),
    `npm run up${optionOf(stack)}`,
  ];
  return `
All images are there. This stack takes them with:
${lines.map((line) => `  ${line}`).join("\n")}
What it had until then stays as it is, until you remove it.`;
}
