import { stackOption } from "../../infra/stackOption";
import { takeFlag, takeValue } from "../arguments";
import { type Context, stackSettings } from "../context";
import { keepLine, pathLine } from "../recovery/data";
import { makeVolume, restoreBackup, restoreOf } from "../restore";
import { restoreKeys } from "../restore/keys";
import { problem, say } from "../say";
import { setUp } from "../setup";
import { optionOf } from "../stackOutputs";

/** Brings a backup into a new volume, proves it, and prints the line by which the stack takes it. */
export async function restore(context: Context, given: readonly string[]): Promise<number> {
  const from = takeValue(given, "--from", "/mnt/backup/registry");
  const snapshot = takeValue(from.rest, "--snapshot", "latest");
  const { given: withFaults, rest } = takeFlag(snapshot.rest, "--with-faults");
  const [into, ...more] = rest;
  if (into === undefined || more.length > 0 || into.startsWith("-"))
    throw problem(
      `name a new volume for the images, or a new folder of the Docker host: "npm run restore --${stackOption(context.stack)} registry-restored"`,
    );
  if (stackSettings(context).keepDataOnDestroy === false)
    throw problem(
      "settings.keepDataOnDestroy is false, and the old volume would go with the change: remove that, run up, then restore",
    );
  const environment = await setUp(context, { docker: true, images: true });
  const keys = await restoreKeys(context, environment, from.value);
  const what = restoreOf(context, environment, { into, snapshot: snapshot.value ?? "latest", withFaults });
  await makeVolume(context, what);
  await restoreBackup(what, keys, withFaults);
  const line = into.startsWith("/") ? pathLine(context.stack, into) : keepLine(context.stack, into);
  say(`
All images of the backup are in ${into}, and nothing uses them yet. This stack takes them with:
  ${line}
  npm run up${optionOf(context.stack)}
The volume it had until then stays, until you drop it by its name: docker volume rm NAME`);
  return 0;
}
