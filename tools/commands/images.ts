import { isTextMap } from "../../components/base/values";
import { takeValue } from "../arguments";
import { type Context, stackSettings } from "../context";
import { problem } from "../say";
import { setUp } from "../setup";
import { optionOf, stackOutputs } from "../stackOutputs";
import { loginOf, type Passwords, runStackScript } from "../stackScript";

/** What it reads of the outputs of a stack; those of an older version may lack anything. */
interface Outputs {
  readonly imagesScript?: string;
  readonly credentials?: Passwords;
  readonly clientFiles?: { readonly [path: string]: string };
}

/** Runs the stack's own command for images, as one of its users: the first, or the one that `--user` names. */
export async function images(context: Context, args: readonly string[]): Promise<number> {
  const { value, rest } = takeValue(args, "--user", "alice");
  const environment = await setUp(context, { docker: false, images: false });
  const outputs: Outputs = await stackOutputs(context, environment);
  const { credentials = {}, clientFiles = {} } = outputs;
  if (!outputs.imagesScript) throw problem(missing(context));
  const login = loginOf(credentials, value ?? Object.keys(credentials)[0] ?? "");
  const file = (name: string) => Object.entries(clientFiles).find(([path]) => path.endsWith(`/${name}`))?.[1];
  return runStackScript(outputs.imagesScript, rest, {
    ...login,
    REGISTRY_CLIENT_CERTIFICATE: file("client.cert"),
    REGISTRY_CLIENT_KEY: file("client.key"),
  });
}

/** Why the stack has no such command, and what to do. */
export function missing(context: Context): string {
  const { front, keeper, storage } = stackSettings(context);
  if (isTextMap(storage) && storage.s3 !== undefined)
    return `settings.storage.s3: images in a bucket have no keeper; to give space back: npm run collect${optionOf(context.stack)}`;
  const up = `npm run up${optionOf(context.stack)}`;
  if (front === "direct" || front === "none")
    return `settings.front: "${front}" has no proxy to take such requests; write "nginx", then ${up}`;
  if (isTextMap(keeper) && keeper.enabled === false)
    return `settings.keeper.enabled: is false, and the keeper looks after the images; remove it, then ${up}`;
  return `the stack "${context.stack}" has no keeper, which looks after the images: ${up} creates one, or tells you why not`;
}
